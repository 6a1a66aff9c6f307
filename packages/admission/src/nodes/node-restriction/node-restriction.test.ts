import type { AdmissionAttributes, ApiError, KubeObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, type Target, target } from '../../testing/attributes.js';
import { hostOf } from '../../testing/host.js';
import { NodeRestriction } from './node-restriction.js';

const nodes = target('', 'Node', 'nodes');
const claims = target('', 'PersistentVolumeClaim', 'persistentvolumeclaims');
const leases = target('coordination.k8s.io', 'Lease', 'leases');
const csiNodes = target('storage.k8s.io', 'CSINode', 'csinodes');
const slices = target('resource.k8s.io', 'ResourceSlice', 'resourceslices');
const signingRequests = target('certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests');
const certificateRequests = target('certificates.k8s.io', 'PodCertificateRequest', 'podcertificaterequests');
const user = { name: 'system:node:n1', groups: ['system:nodes'] };

const object = (name: string, more: object = {}, metadata: object = {}): KubeObject =>
  ({ metadata: { name, ...metadata }, spec: {}, status: {}, ...more }) as KubeObject;
const pod = (name: string, nodeName: string, more: object = {}, metadata: object = {}) =>
  object(name, { spec: { nodeName, containers: [], ...more } }, { namespace: 'ns', uid: `${name}-uid`, ...metadata });

const host = hostOf({
  nodes: [object('n1', {}, { uid: 'node-uid' })],
  pods: [
    pod('mine', 'n1', { serviceAccountName: 'sa' }),
    pod('theirs', 'n2'),
    pod('mirror', 'n1', {}, { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
  ],
  serviceaccounts: [object('sa', {}, { namespace: 'ns', uid: 'sa-uid' })],
});

type Operation = AdmissionAttributes['operation'];

async function outcome(
  of: Target,
  operation: Operation,
  written: KubeObject | undefined,
  more: Partial<AdmissionAttributes> = {},
): Promise<string> {
  const error = await failureOf(() => new NodeRestriction(host).admit(attributes(of, operation, written, { user, ...more })));
  if (error === undefined) return 'admitted';
  const { code, message } = error as ApiError;
  return `${code} ${message.replace(/^\S+ "[^"]*" is forbidden: /, '')}`;
}

describe('nodes and others', () => {
  it('leaves everybody else alone', async () => {
    expect(await outcome(nodes, 'CREATE', object('n2'), { user: { name: 'alice', groups: ['system:nodes'] } })).toBe('admitted');
  });

  it('must know which node it is', async () => {
    expect(await outcome(nodes, 'CREATE', object('n1'), { user: { ...user, name: 'system:node:' } })).toBe(
      '403 could not determine node from user "system:node:"',
    );
  });

  it('says nothing of what it does not know', async () => {
    expect(await outcome(target('', 'Event', 'events'), 'CREATE', object('e'))).toBe('admitted');
  });
});

describe('pods', () => {
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'node-uid', controller: true };
  const annotations = { 'kubernetes.io/config.mirror': 'x' };
  const mirror = (ownerReferences: object[] = [owner], more: object = {}, nodeName = 'n1') =>
    pod('m', nodeName, more, { annotations, ownerReferences });

  it.each<[string, KubeObject, string]>([
    ['a mirror', mirror(), 'admitted'],
    ['any other', pod('p', 'n1'), '403 pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods'],
    ['of another node', mirror([owner], {}, 'n2'), '403 node "n1" can only create pods with spec.nodeName set to itself'],
    ['nobody owns', mirror([]), '403 node "n1" can only create pods with an owner reference set to itself'],
    ['two own', mirror([owner, owner]), '403 node "n1" can only create pods with a single owner reference set to itself'],
    ['another node owns', mirror([{ ...owner, name: 'n2' }]), '403 node "n1" can only create pods with an owner reference set to itself'],
    [
      'it does not control',
      mirror([{ ...owner, controller: false }]),
      '403 node "n1" can only create pods with a controller owner reference set to itself',
    ],
    [
      'that keeps it',
      mirror([{ ...owner, blockOwnerDeletion: true }]),
      '403 node "n1" must not set blockOwnerDeletion on an owner reference',
    ],
    ['its predecessor owns', mirror([{ ...owner, uid: 'old' }]), '403 node n1 UID mismatch: expected old got node-uid'],
    [
      'with a claim',
      mirror([owner], { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
      '403 node "n1" can not create pods that reference persistentvolumeclaims',
    ],
    [
      'with who knows what',
      mirror([owner], { volumes: [{ name: 'v' }] }),
      '403 error checking mirror pod for API references: unknown volume type for volume "v"',
    ],
  ])('may be created: %s', async (_, written, expected) => {
    expect(await outcome(pods, 'CREATE', written)).toBe(expected);
  });

  it('may be mirrored only by a node that is there', async () => {
    const written = attributes(pods, 'CREATE', mirror(), { user });
    const error = await failureOf(() => new NodeRestriction(hostOf()).admit(written));
    expect(error).toMatchObject({ code: 404, message: 'node "n1" not found' });
  });

  it.each<[Operation, string, string, string]>([
    ['DELETE', '', 'n1', 'admitted'],
    ['DELETE', '', 'n2', '403 node "n1" can only delete pods with spec.nodeName set to itself'],
    ['UPDATE', '', 'n1', '403 unexpected operation "UPDATE", node "n1" can only create and delete mirror pods'],
    ['UPDATE', 'status', 'n1', 'admitted'],
    ['UPDATE', 'status', 'n2', '403 node "n1" can only update pod status for pods with spec.nodeName set to itself'],
    ['DELETE', 'status', 'n1', '403 unexpected operation "DELETE"'],
    [
      'UPDATE',
      'ephemeralcontainers',
      'n1',
      `403 unexpected pod subresource "ephemeralcontainers", only 'status' and 'eviction' are allowed`,
    ],
  ])('%s %j of one on %s: %s', async (operation, subresource, nodeName, expected) => {
    const written = pod('p', nodeName);
    const state = operation === 'DELETE' ? undefined : written;
    expect(await outcome(pods, operation, state, { subresource, name: 'p', oldObject: written })).toBe(expected);
  });

  it.each<[string, object, object, string]>([
    ['labels', {}, { labels: { a: 'b' } }, 'cannot update labels through pod status'],
    ['claims', { resourceClaimStatuses: [{ name: 'a', resourceClaimName: 'x' }] }, {}, 'cannot update resource claim statues'],
    [
      'claims for extended resources',
      { extendedResourceClaimStatus: { resourceClaimName: 'x', requestMappings: [] } },
      {},
      'cannot update extended resource claim status',
    ],
  ])('keep in their status: %s', async (_, status, metadata, expected) => {
    const old = pod('p', 'n1');
    const written = { ...pod('p', 'n1', {}, metadata), status: { phase: 'Running', ...status } } as KubeObject;
    expect(await outcome(pods, 'UPDATE', written, { subresource: 'status', oldObject: old })).toBe(`403 node "n1" ${expected}`);
  });

  it.each<[string, string]>([
    ['mine', 'admitted'],
    ['theirs', '403 node n1 can only evict pods with spec.nodeName set to itself'],
    ['gone', '404 pod "gone" not found'],
    ['', '403 could not determine pod from request data'],
  ])('may be evicted: %j', async (name, expected) => {
    const eviction = { metadata: {} } as KubeObject;
    expect(await outcome(pods, 'CREATE', eviction, { subresource: 'eviction', namespace: 'ns', name })).toBe(expected);
  });

  it('are evicted by an eviction and in no other way', async () => {
    expect(await outcome(pods, 'UPDATE', pod('mine', 'n1'), { subresource: 'eviction' })).toBe('403 unexpected operation UPDATE');
  });
});

describe('nodes', () => {
  const node = (spec: object = {}, metadata: object = {}, name = 'n1') => object(name, { spec }, metadata);
  const source = (name: string) => ({ configSource: { configMap: { name } } });
  const taints = [{ key: 'k', effect: 'NoSchedule' }];

  it.each<[string, Operation, KubeObject, KubeObject | undefined, string]>([
    ['another', 'CREATE', node({}, {}, 'n2'), undefined, '403 node "n1" is not allowed to modify node "n2"'],
    ['another', 'DELETE', node({}, {}, 'n2'), undefined, '403 node "n1" is not allowed to modify node "n2"'],
    ['itself', 'DELETE', node(), undefined, 'admitted'],
    ['tainted', 'CREATE', node({ taints }), undefined, 'admitted'],
    ['a source', 'CREATE', node(source('a')), undefined, '403 node "n1" is not allowed to create pods with a non-nil configSource'],
    [
      'labels',
      'CREATE',
      node({}, { labels: { 'foo.k8s.io/x': '', 'foo.kubernetes.io/z': '', 'kubernetes.io/os': 'linux' } }),
      undefined,
      '403 node "n1" is not allowed to set the following labels: foo.k8s.io/x, foo.kubernetes.io/z',
    ],
    ['status', 'UPDATE', node(), node(), 'admitted'],
    [
      'a source',
      'UPDATE',
      node(source('b')),
      node(source('a')),
      '403 node "n1" is not allowed to update configSource to a new non-nil configSource',
    ],
    ['no source', 'UPDATE', node(), node(source('a')), 'admitted'],
    ['taints', 'UPDATE', node(), node({ taints }), '403 node "n1" is not allowed to modify taints'],
    [
      'owners',
      'UPDATE',
      node({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' }] }),
      node(),
      '403 node "n1" is not allowed to modify ownerReferences',
    ],
    [
      'labels',
      'UPDATE',
      node({}, { labels: { 'node-role.kubernetes.io/master': '', zone: 'a' } }),
      node(),
      '403 is not allowed to modify labels: node-role.kubernetes.io/master',
    ],
  ])('%s: %s', async (_, operation, written, oldObject, expected) => {
    expect(await outcome(nodes, operation, written, { oldObject })).toBe(expected);
  });
});

describe('claims', () => {
  const claim = (status: object, spec: object = {}, resourceVersion = '1') =>
    object('c', { spec, status }, { namespace: 'ns', resourceVersion });

  it('are told how far their volume is resized', async () => {
    const status = {
      phase: 'Bound',
      capacity: { storage: '2Gi' },
      conditions: [{ type: 'Resizing', status: 'True' }],
      allocatedResources: { storage: '2Gi' },
      allocatedResourceStatuses: { storage: 'NodeResizeInProgress' },
    };
    expect(await outcome(claims, 'UPDATE', claim(status, {}, ''), { subresource: 'status', oldObject: claim({ phase: 'Bound' }) })).toBe(
      'admitted',
    );
  });

  it('keep the rest', async () => {
    const refused = await outcome(claims, 'UPDATE', claim({ phase: 'Lost' }), {
      subresource: 'status',
      oldObject: claim({ phase: 'Bound' }),
    });
    expect(refused).toBe(
      '403 node "n1" is not allowed to update fields other than status.quantity and status.conditions: @@ -16,7 +16,7 @@\n' +
        '   "VolumeAttributesClassName": null\n  },\n  "Status": {\n-  "Phase": "Bound",\n+  "Phase": "Lost",\n' +
        '   "AccessModes": null,\n   "Capacity": null,\n   "Conditions": null,\n',
    );
    expect(await outcome(claims, 'UPDATE', claim({}), { oldObject: claim({}) })).toBe('403 may only update PVC status');
    expect(await outcome(claims, 'DELETE', undefined, { subresource: 'status' })).toBe('403 unexpected operation "DELETE"');
  });
});

describe('what nodes have to themselves', () => {
  const slice = (nodeName?: string) => object('s', { spec: nodeName === undefined ? {} : { nodeName } });
  const wrongLease = '403 can only access node lease with the same name as the requesting node';
  const wrongCsiNode = '403 can only access CSINode with the same name as the requesting node';

  it.each<[string, Target, Operation, KubeObject, KubeObject | undefined, string]>([
    ['its lease', leases, 'CREATE', object('n1', {}, { namespace: 'kube-node-lease' }), undefined, 'admitted'],
    ['a lease', leases, 'UPDATE', object('n2', {}, { namespace: 'kube-node-lease' }), undefined, wrongLease],
    [
      'a lease elsewhere',
      leases,
      'CREATE',
      object('n1', {}, { namespace: 'ns' }),
      undefined,
      '403 can only access leases in the "kube-node-lease" system namespace',
    ],
    ['its drivers', csiNodes, 'UPDATE', object('n1'), undefined, 'admitted'],
    ['drivers', csiNodes, 'CREATE', object('n2'), undefined, wrongCsiNode],
    ['its slice', slices, 'CREATE', slice('n1'), undefined, 'admitted'],
    [
      'a slice',
      slices,
      'CREATE',
      slice('n2'),
      undefined,
      '403 can only create ResourceSlice with the same NodeName as the requesting node',
    ],
    [
      'a slice of all',
      slices,
      'CREATE',
      slice(),
      undefined,
      '403 can only create ResourceSlice with the same NodeName as the requesting node',
    ],
    ['a slice', slices, 'UPDATE', slice('n2'), slice('n2'), 'admitted'],
    [
      'a slice',
      slices,
      'DELETE',
      slice('n2'),
      slice('n2'),
      '403 can only delete ResourceSlice with the same NodeName as the requesting node',
    ],
    ['its slice', slices, 'DELETE', slice('n1'), slice('n1'), 'admitted'],
  ])('%s', async (_, of, operation, written, oldObject, expected) => {
    expect(
      await outcome(of, operation, operation === 'DELETE' ? undefined : written, { name: written.metadata.name ?? '', oldObject }),
    ).toBe(expected);
  });
});

describe('certificates', () => {
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  };
  /** A request for this common name; of what follows the subject nothing is looked at. */
  const pem = (name: string) => {
    const subject = der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name))));
    const info = der(0x30, der(0x02, Buffer.from([0])), der(0x30, subject), der(0x30), der(0xa0));
    return `-----BEGIN CERTIFICATE REQUEST-----\n${der(0x30, info).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  };
  const asked = (signerName: string, request: string) =>
    object('r', { spec: { signerName, request: Buffer.from(request).toString('base64') } });
  const serving = 'kubernetes.io/kubelet-serving';

  it.each<[string, string, string]>([
    [serving, pem('system:node:n1'), 'admitted'],
    [serving, pem('system:node:n2'), '403 can only create a node CSR with CN=system:node:n1'],
    ['kubernetes.io/kube-apiserver-client-kubelet', pem('admin'), '403 can only create a node CSR with CN=system:node:n1'],
    [serving, 'nothing', '403 unable to parse csr: PEM block type must be CERTIFICATE REQUEST'],
    ['example.com/custom', pem('admin'), 'admitted'],
  ])('of signer %s are asked for in the own name', async (signer, request, expected) => {
    expect(await outcome(signingRequests, 'CREATE', asked(signer, request))).toBe(expected);
    expect(await outcome(signingRequests, 'UPDATE', asked(signer, request))).toBe('admitted');
  });

  const right = {
    nodeName: 'n1',
    nodeUID: 'node-uid',
    podName: 'mine',
    podUID: 'mine-uid',
    serviceAccountName: 'sa',
    serviceAccountUID: 'sa-uid',
  };
  const forMine = 'PodCertificateRequest for pod "ns/mine"';

  it.each<[object, string]>([
    [{}, 'admitted'],
    [{ nodeName: 'n2' }, '403 PodCertificateRequest.Spec.NodeName="n2", which is not the requesting node "n1"'],
    [{ nodeUID: 'x' }, `500 ${forMine} names node UID "x", inconsistent with the running node ("node-uid")`],
    [{ podName: 'gone' }, '500 while retrieving pod "ns/gone" named in the PodCertificateRequest: pod "gone" not found'],
    [{ podUID: 'x' }, `500 ${forMine} contains pod UID ("x") which differs from running pod "mine-uid"`],
    [{ podName: 'theirs', podUID: 'theirs-uid' }, '403 pod "ns/theirs" is not running on node "n1" named in the PodCertificateRequest'],
    [{ podName: 'mirror', podUID: 'mirror-uid' }, '403 pod "ns/mirror" is a mirror pod'],
    [{ serviceAccountName: 'x' }, `403 ${forMine} contains serviceAccountName ("x") that differs from running pod ("sa")`],
    [{ serviceAccountUID: 'x' }, `500 ${forMine} names service account UID "x", which differs from the running service account ("sa-uid")`],
  ])('of pods are asked for as things are: %j', async (wrong, expected) => {
    const written = object('r', { spec: { ...right, ...wrong } }, { namespace: 'ns' });
    expect(await outcome(certificateRequests, 'CREATE', written)).toBe(expected);
  });

  it('of pods are asked for, not changed', async () => {
    const written = object('r', { spec: right }, { namespace: 'ns' });
    expect(await outcome(certificateRequests, 'UPDATE', written)).toBe('403 unexpected operation UPDATE');
    expect(await outcome(certificateRequests, 'CREATE', written, { subresource: 'status' })).toBe('403 unexpected subresource status');
  });
});
