import { type AuthorizationAttributes, fieldSelectorAttribute } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { NodeAuthorizer } from './node-authorizer.js';
import { NodeGraph } from './node-graph.js';

const graph = new NodeGraph();
graph.pods.set(
  core.v1.Pod.codec.fromJson({
    metadata: { name: 'p', namespace: 'ns' },
    spec: {
      nodeName: 'n1',
      serviceAccountName: 'sa',
      containers: [],
      volumes: [
        { name: 's', secret: { secretName: 's' } },
        { name: 'd', persistentVolumeClaim: { claimName: 'd' } },
      ],
    },
  } as never),
);
const rules = [
  { verbs: ['get'], apiGroups: [''], resources: ['services'] },
  { verbs: ['get'], apiGroups: ['apps'], resources: ['pods'] },
];
const authorizer = new NodeAuthorizer({ graph, rules, podCertificates: true, readsServiceAccounts: true });

interface Asked {
  readonly name?: string;
  readonly namespace?: string;
  readonly group?: string;
  readonly selector?: string;
}

/** `get`, `pods/status` in `ns`, unless it says otherwise. */
function request(verb: string, what: string, { name = '', namespace = 'ns', group = '', selector }: Asked): AuthorizationAttributes {
  const [resource = '', subresource = ''] = what.split('/');
  return {
    user: { name: 'system:node:n1', groups: ['system:nodes'] },
    verb,
    resourceRequest: true,
    apiGroup: group,
    apiVersion: 'v1',
    resource,
    subresource,
    namespace,
    name,
    path: '',
    fieldSelector: selector === undefined ? undefined : fieldSelectorAttribute(selector),
  };
}

const unrelated = "no relationship found between node 'n1' and this object";
const dra = 'resource.k8s.io';
const csi = 'storage.k8s.io';
const coordination = 'coordination.k8s.io';
const certificates = 'certificates.k8s.io';
const lease = { group: coordination, namespace: 'kube-node-lease' };
const slices = 'can only list/watch/deletecollection resourceslices with nodeName field selector';

describe('a node', () => {
  it.each<[verb: string, what: string, asked: Asked, answer: string | true | undefined]>([
    ['get', 'secrets', { name: 's' }, true],
    ['watch', 'secrets', { name: 's' }, true],
    ['get', 'secrets', { name: 'other' }, unrelated],
    ['list', 'secrets', {}, 'No Object name found'],
    ['list', 'secrets', { namespace: '', name: 's' }, 'can only read namespaced object of this type'],
    ['update', 'secrets', { name: 's' }, 'can only read resources of this type'],
    ['get', 'secrets/x', { name: 's' }, 'cannot read subresource'],
    ['get', 'configmaps', { name: 's' }, unrelated],
    ['get', 'persistentvolumeclaims', { name: 'd' }, true],
    ['list', 'persistentvolumeclaims', { name: 'd' }, 'can only get individual resources of this type'],
    ['get', 'persistentvolumeclaims/x', { name: 'd' }, 'cannot get subresource'],
    ['patch', 'persistentvolumeclaims/status', { name: 'd' }, true],
    ['update', 'persistentvolumeclaims/status', { name: 'e' }, unrelated],
    ['get', 'persistentvolumeclaims/status', { name: 'd' }, 'can only get/update/patch this type'],
    ['get', 'persistentvolumes', { name: 'v', namespace: '' }, unrelated],
    ['get', 'resourceclaims', { name: 'c', group: dra }, unrelated],
    ['get', 'volumeattachments', { name: 'a', namespace: '', group: csi }, unrelated],
    ['get', 'serviceaccounts', { name: 'sa' }, true],
    ['list', 'serviceaccounts', { name: 'sa' }, 'can only create tokens for individual service accounts'],
    ['create', 'serviceaccounts/token', { name: 'sa' }, true],
    ['create', 'serviceaccounts/token', { name: 'other' }, unrelated],
    ['create', 'serviceaccounts/token', {}, 'can only create tokens for individual service accounts'],
    ['create', 'serviceaccounts', { name: 'sa' }, 'can only create token subresource of serviceaccount'],
    ['create', 'leases', lease, true],
    ['update', 'leases', { ...lease, name: 'n1' }, true],
    ['get', 'leases', { ...lease, name: 'n2' }, 'can only access node lease with the same name as the requesting node'],
    ['list', 'leases', lease, 'can only get, create, update, patch, or delete a node lease'],
    ['get', 'leases', { group: coordination, name: 'n1' }, 'can only access leases in the "kube-node-lease" system namespace'],
    ['create', 'csinodes', { group: csi, namespace: '' }, true],
    ['get', 'csinodes', { group: csi, namespace: '', name: 'n1' }, true],
    ['get', 'csinodes', { group: csi, namespace: '', name: 'n2' }, 'can only access CSINode with the same name as the requesting node'],
    ['list', 'csinodes', { group: csi, namespace: '' }, 'can only get, create, update, patch, or delete a CSINode'],
    ['get', 'csinodes/x', { group: csi, namespace: '', name: 'n1' }, 'cannot authorize CSINode subresources'],
    ['create', 'resourceslices', { group: dra, namespace: '' }, true],
    ['delete', 'resourceslices', { group: dra, namespace: '', name: 's' }, unrelated],
    ['list', 'resourceslices', { group: dra, namespace: '' }, slices],
    ['list', 'resourceslices', { group: dra, namespace: '', selector: 'spec.nodeName=n1' }, true],
    ['deletecollection', 'resourceslices', { group: dra, namespace: '', selector: 'spec.nodeName=n2' }, slices],
    ['watch', 'resourceslices', { group: dra, namespace: '', selector: 'spec.nodeName!=n1' }, slices],
    ['get', 'resourceslices/x', { group: dra, namespace: '', name: 's' }, 'cannot authorize ResourceSlice subresources'],
    [
      'impersonate',
      'resourceslices',
      { group: dra },
      'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
    ],
    ['create', 'nodes', { namespace: '' }, true],
    ['patch', 'nodes', { namespace: '', name: 'n2' }, true],
    ['patch', 'nodes/status', { namespace: '', name: 'n1' }, true],
    ['get', 'nodes', { namespace: '', name: 'n1' }, true],
    ['watch', 'nodes', { namespace: '', name: 'n1' }, true],
    ['get', 'nodes', { namespace: '', name: 'n2' }, "node 'n1' cannot read 'n2', only its own Node object"],
    ['list', 'nodes', { namespace: '' }, "node 'n1' cannot read all nodes, only its own Node object"],
    ['delete', 'nodes', { namespace: '', name: 'n1' }, undefined],
    ['get', 'nodes/status', { namespace: '', name: 'n1' }, undefined],
    ['get', 'nodes/proxy', { namespace: '', name: 'n1' }, undefined],
    ['get', 'pods', { name: 'p' }, true],
    ['get', 'pods', { name: 'q' }, unrelated],
    ['list', 'pods', { namespace: '' }, 'can only list/watch pods with spec.nodeName field selector'],
    ['list', 'pods', { namespace: '', selector: 'status.phase!=Failed,spec.nodeName==n1' }, true],
    ['watch', 'pods', { selector: 'spec.nodeName=n2' }, 'can only list/watch pods with spec.nodeName field selector'],
    ['watch', 'pods', { name: 'p' }, true],
    ['list', 'pods', { name: 'q' }, unrelated],
    ['create', 'pods', {}, true],
    ['delete', 'pods', { name: 'q' }, true],
    ['update', 'pods', { name: 'p' }, undefined],
    ['patch', 'pods/status', { name: 'q' }, true],
    ['get', 'pods/status', { name: 'p' }, undefined],
    ['create', 'pods/eviction', { name: 'q' }, true],
    ['create', 'pods/exec', { name: 'p' }, undefined],
    ['create', 'podcertificaterequests', { group: certificates }, true],
    ['get', 'podcertificaterequests', { group: certificates, name: 'r' }, unrelated],
    ['list', 'podcertificaterequests', { group: certificates, selector: 'spec.nodeName=n1' }, true],
    ['list', 'podcertificaterequests', { group: certificates }, 'can only list/watch podcertificaterequests with nodeName field selector'],
    ['delete', 'podcertificaterequests', { group: certificates, name: 'r' }, 'nodes may not delete podcertificaterequests'],
    [
      'update',
      'podcertificaterequests/status',
      { group: certificates, name: 'r' },
      'nodes may not access the status subresource of PodCertificateRequests',
    ],
    ['get', 'services', { name: 'x' }, true],
    ['get', 'pods', { group: 'apps', name: 'x' }, true],
    ['get', 'deployments', { group: 'apps', name: 'x' }, undefined],
  ])('%s %s %j: %j', (verb, what, asked, answer) => {
    const reason = typeof answer === 'string' ? { reason: answer } : {};
    expect(authorizer.authorize(request(verb, what, asked))).toEqual({ decision: answer === true ? 'allow' : 'noOpinion', ...reason });
  });

  it('must say which one it is, and is one by its group', () => {
    const asked = request('get', 'secrets', { name: 's' });
    expect(authorizer.authorize({ ...asked, user: { name: 'system:node:', groups: ['system:nodes'] } })).toEqual({
      decision: 'noOpinion',
      reason: 'unknown node for user "system:node:"',
    });
    expect(authorizer.authorize({ ...asked, user: { name: 'system:node:n1', groups: [] } })).toEqual({ decision: 'noOpinion' });
  });

  it('is told nothing of pod certificates where there are none', () => {
    const without = new NodeAuthorizer({ graph, rules, podCertificates: false, readsServiceAccounts: false });
    expect(without.authorize(request('create', 'podcertificaterequests', { group: certificates }))).toEqual({ decision: 'noOpinion' });
  });

  it('asks for paths by the rules of all nodes', () => {
    const path = { ...request('get', '', {}), resourceRequest: false, path: '/version', resource: 'pods' };
    expect(authorizer.authorize(path)).toEqual({ decision: 'noOpinion' });
  });
});
