import type { ApiError, AuthorizationAttributes, AuthorizationDecision, KubeObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, target } from '../../testing/attributes.js';
import { hostOf } from '../../testing/host.js';
import { NodeRestriction } from './node-restriction.js';

const accounts = target('', 'TokenRequest', 'serviceaccounts');
const user = { name: 'system:node:n1', groups: ['system:nodes'] };

const object = (name: string, spec: object, namespace = ''): KubeObject =>
  ({ metadata: { name, uid: `${name}-uid`, ...(namespace && { namespace }) }, spec }) as KubeObject;
const claim = (name: string, volumeName?: string) => object(name, volumeName === undefined ? {} : { volumeName }, 'ns');
const driver = (name: string, audience: string) => object(name, { tokenRequests: [{ audience }] });

const volumes = [
  {
    name: 't',
    projected: { sources: [{ serviceAccountToken: { path: 't' } }, { serviceAccountToken: { path: 'v', audience: 'vault' } }] },
  },
  { name: 'inline', csi: { driver: 'inline.csi' } },
  { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
  { name: 'disk', azureDisk: { diskName: 'd', diskURI: 'u' } },
];

const objects = {
  pods: [
    object('mine', { nodeName: 'n1', volumes }, 'ns'),
    object('plain', { nodeName: 'n1' }, 'ns'),
    object('unbound', { nodeName: 'n1', volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'pending' } }] }, 'ns'),
    object('theirs', { nodeName: 'n2' }, 'ns'),
  ],
  persistentvolumeclaims: [claim('data', 'pv'), claim('mine-scratch', 'ebs'), claim('pending')],
  persistentvolumes: [object('pv', { csi: { driver: 'data.csi' } }), object('ebs', { awsElasticBlockStore: { volumeID: 'v' } })],
  csidrivers: [driver('inline.csi', 'a'), driver('data.csi', 'b'), driver('ebs.csi.aws.com', 'c'), driver('disk.csi.azure.com', 'd')],
};

async function outcome(spec: object, decision: AuthorizationDecision = { decision: 'noOpinion' }, asked: AuthorizationAttributes[] = []) {
  const authorizer = {
    authorize(request: AuthorizationAttributes) {
      asked.push(request);
      return decision;
    },
  };
  const request = { metadata: {}, spec } as unknown as KubeObject;
  const written = attributes(accounts, 'CREATE', request, { user, subresource: 'token', namespace: 'ns', name: 'sa' });
  const error = await failureOf(() => new NodeRestriction(hostOf(objects, { authorizer })).admit(written));
  if (error === undefined) return 'admitted';
  const { code, message } = error as ApiError;
  return `${code} ${message.replace('serviceaccounts "sa" is forbidden: ', '')}`;
}

const bound = (name: string, uid = `${name}-uid`) => ({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } });

describe('tokens', () => {
  it.each<[object, string]>([
    [{}, '403 node requested token not bound to a pod'],
    [{ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'x', uid: 'u' } }, '403 node requested token not bound to a pod'],
    [{ boundObjectRef: { apiVersion: 'v1', kind: 'Pod' } }, '403 node requested token not bound to a pod'],
    [{ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'mine' } }, '403 node requested token with a pod binding without a uid'],
    [bound('gone'), '404 pod "gone" not found'],
    [
      bound('mine', 'old'),
      '403 the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated',
    ],
    [bound('theirs'), '403 node requested token bound to a pod scheduled on a different node'],
    [bound('mine'), 'admitted'],
  ])('are bound to a pod of the node: %j', async (spec, expected) => {
    expect(await outcome(spec)).toBe(expected);
  });

  it.each(['', 'vault', 'a', 'b', 'c', 'd'])('are for audiences that volumes use: %j', async (audience) => {
    expect(await outcome({ ...bound('mine'), audiences: audience === '' ? [] : [audience] })).toBe('admitted');
  });

  it('are for one audience', async () => {
    expect(await outcome({ ...bound('mine'), audiences: ['a', 'b'] })).toBe('403 node may only request 0 or 1 audiences');
  });

  it('are for another audience if the node may ask for it', async () => {
    const asked: AuthorizationAttributes[] = [];
    const spec = { ...bound('plain'), audiences: ['registry'] };
    expect(await outcome(spec, { decision: 'allow' }, asked)).toBe('admitted');
    expect(asked).toEqual([
      {
        user,
        verb: 'request-serviceaccounts-token-audience',
        resourceRequest: true,
        apiGroup: '',
        apiVersion: 'v1',
        resource: 'registry',
        subresource: '',
        namespace: 'ns',
        name: 'sa',
        path: '',
      },
    ]);
    const unused = '403 audience "registry" not found in pod spec volume';
    expect(await outcome(spec)).toBe(`${unused}, system:node:n1 is not authorized to request tokens for this audience`);
    expect(await outcome(spec, { decision: 'noOpinion', error: new Error('webhook is away') })).toBe(
      `${unused}, error authorizing system:node:n1 to request tokens for this audience: webhook is away`,
    );
  });

  it('wait for what volumes need to be known', async () => {
    expect(await outcome({ ...bound('unbound'), audiences: ['b'] })).toBe(
      '403 error validating audience "b": persistentvolume "" not found',
    );
  });

  it('are restricted, other parts of service accounts are not', async () => {
    const plugin = new NodeRestriction(hostOf(objects));
    const account = { metadata: { name: 'sa', namespace: 'ns' } } as KubeObject;
    expect(await failureOf(() => plugin.admit(attributes(accounts, 'UPDATE', account, { user })))).toBeUndefined();
  });
});
