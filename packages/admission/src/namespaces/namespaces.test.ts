import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  alreadyExists,
  forbidden,
  type KubeObject,
  type ObjectAccess,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, namespaces, pods, readerOf } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { NamespaceAutoProvision } from './namespace-auto-provision.js';
import { NamespaceExists } from './namespace-exists.js';

const here = { metadata: { name: 'here' }, spec: {}, status: {} } as core.v1.Namespace;
const pod = (namespace: string): KubeObject => ({ metadata: { name: 'web', namespace } });

async function outcome(step: AdmissionPlugin['admit'], written: AdmissionAttributes): Promise<string> {
  const error = (await failureOf(() => step?.(written))) as ApiError | undefined;
  return error === undefined ? 'admitted' : `${error.code} ${error.message}`;
}

describe('NamespaceExists', () => {
  const plugin = new NamespaceExists(readerOf<KubeObject>([here]));
  const judge = (written: AdmissionAttributes) => outcome((one) => plugin.validate(one), written);

  it('refuses what is in no namespace that is there', async () => {
    expect(await judge(attributes(pods, 'DELETE', pod('here')))).toBe('admitted');
    expect(await judge(attributes(pods, 'UPDATE', pod('gone')))).toBe('404 namespaces "gone" not found');
    expect(await judge(attributes(pods, 'CREATE', { metadata: { name: 'clusterwide' } }))).toBe('admitted');
    expect(await judge(attributes(namespaces, 'CREATE', undefined, { name: 'new', namespace: 'new' }))).toBe('admitted');
    expect(['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].map((one) => plugin.handles(one as never))).toEqual([true, true, true, false]);
  });

  it('asks the store about one that the cache has not heard of', async () => {
    const behind = new NamespaceExists(readerOf<KubeObject>([here], []));
    expect(await outcome((one) => behind.validate(one), attributes(pods, 'CREATE', pod('here')))).toBe('admitted');
  });
});

describe('NamespaceAutoProvision', () => {
  function provider(failure?: Error): { readonly plugin: NamespaceAutoProvision; readonly made: string[] } {
    const made: string[] = [];
    const { objects } = hostOf({ namespaces: [here] });
    const create = async (object: KubeObject) => {
      made.push(object.metadata.name ?? '');
      if (failure !== undefined) throw failure;
      return object;
    };
    const access = { ...objects, writer: () => ({ create }) } as unknown as ObjectAccess;
    return { plugin: new NamespaceAutoProvision(access), made };
  }

  it('makes the namespace of what is made, unless it is there', async () => {
    const { plugin, made } = provider();
    for (const namespace of ['here', 'new', '']) await plugin.admit(attributes(pods, 'CREATE', pod(namespace)));
    await plugin.admit(attributes(namespaces, 'CREATE', undefined, { name: 'other', namespace: 'other' }));
    await plugin.admit(attributes(pods, 'CREATE', pod('dry'), { dryRun: true }));
    expect([made, plugin.handles('CREATE'), plugin.handles('UPDATE')]).toEqual([['new'], true, false]);
  });

  it.each<[string, Error, string]>([
    ['somebody was faster', alreadyExists({ group: '', resource: 'namespaces' }, 'new'), 'admitted'],
    ['it is refused', forbidden({ group: '', resource: 'namespaces' }, 'new', 'no'), '403 namespaces "new" is forbidden: no'],
    ['it cannot be stored', new Error('store is gone'), '403 pods "web" is forbidden: store is gone'],
    ['it is invalid', new ApiError(422, 'Invalid', 'bad name'), '403 pods "web" is forbidden: bad name'],
  ])('%s', async (_, failure, expected) => {
    const { plugin } = provider(failure);
    expect(await outcome((one) => plugin.admit(one), attributes(pods, 'CREATE', pod('new')))).toBe(expected);
  });
});
