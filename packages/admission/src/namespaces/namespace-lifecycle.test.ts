import type { AdmissionAttributes, ApiError, GroupVersionResource, ObjectAccess, ObjectReceiver } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, namespaces, pods, readerOf, target } from '../testing/attributes.js';
import { NamespaceLifecycle } from './namespace-lifecycle.js';

type Namespace = core.v1.Namespace;

function namespace(name: string, phase = 'Active'): Namespace {
  return { metadata: { name }, spec: {}, status: { phase } };
}

const here = namespace('here');
const leaving = namespace('leaving', 'Terminating');
/** `told`: what it has been told of, where that is not what there is. */
function lifecycleOf(stored: readonly Namespace[], told = stored, nowMs?: () => number): NamespaceLifecycle {
  const reader = (() => readerOf(stored)) as unknown as ObjectAccess['reader'];
  const follow = (_gvr: GroupVersionResource, receiver: ObjectReceiver<Namespace>) => {
    for (const one of told) receiver.set(one);
    return { synced: Promise.resolve(), stop: () => undefined };
  };
  return new NamespaceLifecycle({ reader, follow: follow as unknown as ObjectAccess['follow'] }, nowMs);
}

const plugin = lifecycleOf([here, leaving]);

function pod(where: string) {
  return { metadata: { name: 'web', namespace: where } };
}

async function outcome(lifecycle: NamespaceLifecycle, written: AdmissionAttributes): Promise<string> {
  const error = (await failureOf(() => lifecycle.admit(written))) as ApiError | undefined;
  return error === undefined ? 'admitted' : `${error.code} ${error.message}`;
}

describe('NamespaceLifecycle', () => {
  it.each<[AdmissionAttributes['operation'], string, string]>([
    ['CREATE', 'here', 'admitted'],
    ['UPDATE', 'here', 'admitted'],
    ['CREATE', 'gone', '404 namespaces "gone" not found'],
    ['UPDATE', 'gone', '404 namespaces "gone" not found'],
    ['DELETE', 'gone', 'admitted'],
    ['UPDATE', 'leaving', 'admitted'],
    ['DELETE', 'leaving', 'admitted'],
    ['CREATE', 'leaving', '403 pods "web" is forbidden: unable to create new content in namespace leaving because it is being terminated'],
  ])('%s in namespace %s: %s', async (operation, where, expected) => {
    expect(await outcome(plugin, attributes(pods, operation, pod(where)))).toBe(expected);
  });

  it('says which namespace is the cause', async () => {
    const error = (await failureOf(() => plugin.admit(attributes(pods, 'CREATE', pod('leaving'))))) as ApiError;
    expect(error.status.details).toEqual({
      name: 'web',
      kind: 'pods',
      causes: [{ reason: 'NamespaceTerminating', message: 'namespace leaving is being terminated', field: 'metadata.namespace' }],
    });
  });

  it.each([
    ['default', '403 namespaces "default" is forbidden: this namespace may not be deleted'],
    ['kube-system', '403 namespaces "kube-system" is forbidden: this namespace may not be deleted'],
    ['kube-public', '403 namespaces "kube-public" is forbidden: this namespace may not be deleted'],
    ['kube-node-lease', 'admitted'],
    ['here', 'admitted'],
  ])('deleting namespace %s: %s', async (name, expected) => {
    expect(await outcome(lifecycleOf([]), attributes(namespaces, 'DELETE', undefined, { name }))).toBe(expected);
  });

  it('lets namespaces and what is in none be', async () => {
    expect(await outcome(plugin, attributes(namespaces, 'CREATE', namespace('default')))).toBe('admitted');
    expect(await outcome(plugin, attributes(target('', 'Node', 'nodes'), 'CREATE', { metadata: { name: 'n' } }))).toBe('admitted');
  });

  it('lets access to a namespace be asked for that is not there, of the authorization group only', async () => {
    const review = (group: string) => target(group, 'LocalSubjectAccessReview', 'localsubjectaccessreviews');
    expect(await outcome(plugin, attributes(review('authorization.k8s.io'), 'CREATE', pod('gone')))).toBe('admitted');
    expect(await outcome(plugin, attributes(review('example.com'), 'CREATE', pod('gone')))).toBe('404 namespaces "gone" not found');
  });

  it('asks the store about a namespace that it has not been told of', async () => {
    const behind = lifecycleOf([here], []);
    expect(await outcome(behind, attributes(pods, 'CREATE', pod('here')))).toBe('admitted');
  });

  it('asks the store about a namespace that was deleted of late', async () => {
    let nowMs = 0;
    const behind = lifecycleOf([namespace('web', 'Terminating')], [namespace('web')], () => nowMs);
    const created = () => outcome(behind, attributes(pods, 'CREATE', pod('web')));
    expect(await created()).toBe('admitted');
    await behind.admit(attributes(namespaces, 'DELETE', undefined, { name: 'web' }));
    nowMs = 29_999;
    expect(await created()).toMatch(/^403 .* being terminated$/);
    nowMs = 30_000;
    expect(await created()).toBe('admitted');
  });

  it('takes no part in connections', () => {
    expect(plugin.handles('CONNECT')).toBe(false);
    expect((['CREATE', 'UPDATE', 'DELETE'] as const).map((operation) => plugin.handles(operation))).toEqual([true, true, true]);
  });
});
