import type {
  AdmissionAttributes,
  ApiError,
  AuthorizationDecision,
  GroupVersionKind,
  KubeObject,
  OwnerReference,
} from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods } from '../testing/attributes.js';
import { OwnerReferencesPermissionEnforcement } from './owner-references-permission-enforcement.js';

const owner: OwnerReference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: '1' };
const blocking = { ...owner, blockOwnerDeletion: true };
const node: OwnerReference = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: '2', blockOwnerDeletion: true };

const pod = (...ownerReferences: OwnerReference[]): KubeObject => ({ metadata: { name: 'web', namespace: 'a', ownerReferences } });

function resourcesOf({ group, version, kind }: GroupVersionKind) {
  if (kind === 'ReplicaSet' && group === 'apps') return [{ resource: { group, version, resource: 'replicasets' }, namespaced: true }];
  return kind === 'Node' ? [{ resource: { group, version, resource: 'nodes' }, namespaced: false }] : [];
}

/** Writes as somebody who may do what is listed, `verb resource namespace/name`, and tells what was asked. */
async function judged(
  may: readonly string[],
  object: KubeObject,
  more: Partial<AdmissionAttributes> = {},
  otherwise: Partial<AuthorizationDecision> = {},
): Promise<{ readonly outcome: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const plugin = new OwnerReferencesPermissionEnforcement(
    {
      authorize({ verb, apiGroup, apiVersion, resource, subresource, namespace, name }) {
        const question = `${verb} ${apiGroup}/${apiVersion} ${resource}${subresource && `/${subresource}`} ${namespace}/${name}`;
        asked.push(question);
        return may.includes(question) ? { decision: 'allow' } : { decision: 'noOpinion', ...otherwise };
      },
    },
    { resourcesOf },
  );
  const written = attributes(pods, more.oldObject ? 'UPDATE' : 'CREATE', object, more);
  const error = (await failureOf(() => plugin.validate(written))) as ApiError | undefined;
  return { outcome: error?.message ?? 'admitted', asked };
}

const deletion = 'delete /v1 pods a/web';
const allFinalizers = 'update */* */finalizers /*';
const ownersFinalizers = 'update apps/v1 replicasets/finalizers a/rs';
const nodesFinalizers = 'update /v1 nodes/finalizers /n1';
const undeletable = `pods "web" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>`;
const unfinal = `pods "web" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>`;

describe('OwnerReferencesPermissionEnforcement', () => {
  it('asks nobody who changes no owner', async () => {
    expect(await judged([], pod())).toEqual({ outcome: 'admitted', asked: [] });
    expect(await judged([], pod(blocking), { oldObject: pod({ ...blocking }) })).toEqual({ outcome: 'admitted', asked: [] });
    expect(await judged([], pod(), { oldObject: { metadata: { name: 'web' } } })).toEqual({ outcome: 'admitted', asked: [] });
    expect(await judged([], pod(owner), { oldObject: pod(), subresource: 'status' })).toEqual({ outcome: 'admitted', asked: [] });
  });

  it('lets those who may delete an object change its owners', async () => {
    expect(await judged([deletion], pod(owner), { oldObject: pod() })).toEqual({ outcome: 'admitted', asked: [deletion] });
    expect((await judged([], pod(owner), { oldObject: pod() })).outcome).toBe(undeletable);
    expect((await judged([], pod(), { oldObject: pod(owner) })).outcome).toBe(undeletable);
    expect((await judged([], pod({ ...owner, controller: true }), { oldObject: pod(owner) })).outcome).toBe(undeletable);
  });

  it('lets everybody give what they make to an owner', async () => {
    expect(await judged([], pod(owner))).toEqual({ outcome: 'admitted', asked: [] });
  });

  it('lets those who may write the finalizers of an owner make it wait', async () => {
    expect(await judged([ownersFinalizers], pod(blocking))).toEqual({ outcome: 'admitted', asked: [allFinalizers, ownersFinalizers] });
    expect((await judged([], pod(blocking))).outcome).toBe(unfinal);
    expect(await judged([allFinalizers], pod(blocking, node))).toEqual({ outcome: 'admitted', asked: [allFinalizers] });
    expect((await judged([ownersFinalizers], pod(blocking, node))).outcome).toBe(unfinal);
    expect((await judged([ownersFinalizers, nodesFinalizers], pod(blocking, node))).outcome).toBe('admitted');
  });

  it('asks only for owners that did not wait before', async () => {
    const { asked } = await judged([deletion, nodesFinalizers], pod(blocking, node), { oldObject: pod(blocking) });
    expect(asked).toEqual([deletion, allFinalizers, nodesFinalizers]);
    expect((await judged([deletion], pod(blocking), { oldObject: pod(owner) })).outcome).toBe(unfinal);
  });

  it.each([
    [{ ...blocking, apiVersion: 'a/b/c' }, 'unexpected GroupVersion string: a/b/c'],
    [{ ...blocking, kind: 'Nothing' }, 'no matches for kind "Nothing" in version "apps/v1"'],
  ])('refuses owners of no kind that there is', async (reference, why) => {
    const { apiVersion, kind } = reference;
    expect((await judged([], pod(reference))).outcome).toBe(
      `pods "web" is forbidden: cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion ${apiVersion} Kind ${kind}: ${why}`,
    );
  });

  it('tells why', async () => {
    const { outcome } = await judged([], pod(owner), { oldObject: pod() }, { reason: 'RBAC: no', error: new Error('lost') });
    expect(outcome).toBe(undeletable.replace(', <nil>', 'RBAC: no, lost'));
  });
});
