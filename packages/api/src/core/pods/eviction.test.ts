import { ApiError, conflict, defaultFeatures, type JsonObject, type KubeObject } from '@keelson/machinery';
import { core, policy } from '@keelson/schema';
import { defineResource, type Resource, type SubresourceCreateRequest } from '@keelson/server';
import { DirectStore } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { bindPod } from './binding.js';
import { eviction } from './eviction.js';

type Pod = core.v1.Pod;
type Budget = policy.v1.PodDisruptionBudget;

const context = {
  user: { name: 'admin', groups: [] },
  namespace: 'default',
  name: 'web',
  apiVersion: 'v1',
  dryRun: false,
  features: defaultFeatures,
  now: '2026-01-01T00:00:00Z',
  warn: () => undefined,
  annotate: () => undefined,
};

let budgets: Resource;
let pods: Resource;

function bind(resource: Resource, store: MemoryBackend): Resource {
  const prefix = `/registry/${resource.definition.storage.key}/`;
  resource.bind(new DirectStore(store, { prefix, namespaced: true, indexer: resource.form.indexer }));
  return resource;
}

beforeEach(() => {
  versions.length = 0;
  const store = new MemoryBackend();
  budgets = bind(
    defineResource(policy.v1.PodDisruptionBudget, { names: { plural: 'budgets' }, scope: 'Namespaced', storage: { key: 'budgets' } }),
    store,
  );
  pods = bind(defineResource(core.v1.Pod, { names: { plural: 'pods' }, scope: 'Namespaced', storage: { key: 'pods' } }), store);
});

function pod(phase: string, ready: boolean): Pod {
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastProbeTime: null, lastTransitionTime: null };
  return {
    metadata: { name: 'p', namespace: 'default', labels: { app: 'a' }, resourceVersion: '7' },
    spec: { containers: [] },
    status: { phase, conditions: [condition] },
  };
}

async function addBudget(name: string, status: Partial<policy.v1.PodDisruptionBudgetStatus>, spec: policy.v1.PodDisruptionBudgetSpec = {}) {
  const budget: Budget = {
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'a' } }, ...spec },
    status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2, expectedPods: 2, ...status },
  };
  await budgets.store.create(`default/${name}`, budgets.form.encode(budget));
}

async function readBudget(name: string): Promise<Budget> {
  const { object } = await budgets.store.get(`default/${name}`, { at: 'consistent' });
  return budgets.form.decode(object?.value ?? Buffer.alloc(0)) as Budget;
}

async function addPod(parent: Pod): Promise<void> {
  const { resourceVersion: _version, ...metadata } = parent.metadata;
  await pods.store.update('default/p', () => ({ action: 'put', value: pods.form.encode({ ...parent, metadata } as Pod) }));
}

/** The pod as it is stored. */
async function readPod(): Promise<Pod> {
  const { object } = await pods.store.get('default/p', { at: 'consistent' });
  const stored = pods.form.decode(object?.value ?? Buffer.alloc(0)) as Pod;
  return { ...stored, metadata: { ...stored.metadata, resourceVersion: String(object?.revision) } };
}

/** Versions of the pod when it was asked to be deleted, in order. */
const versions: string[] = [];

/** Evicts the pod; gives the options with which it was deleted. */
async function evict(parent: Pod, dryRun = false, conflicts = 0, deleteOptions?: JsonObject): Promise<JsonObject[]> {
  const deletions: JsonObject[] = [];
  const request: SubresourceCreateRequest = {
    namespace: 'default',
    name: 'p',
    user: context.user,
    context: { ...context, dryRun },
    validateAdmission: async () => undefined,
    getParent: readPod,
    updateParent: readPod,
    updateParentStatus: readPod,
    async deleteParent(options) {
      deletions.push(options);
      versions.push((await readPod()).metadata.resourceVersion ?? '');
      if (deletions.length <= conflicts) throw conflict({ group: '', resource: 'pods' }, 'p', 'changed');
    },
  };
  await addPod(parent);
  await eviction(budgets, () => pods).create({ metadata: { name: 'p' }, ...(deleteOptions && { deleteOptions }) } as KubeObject, request);
  return deletions;
}

function asItIs(resourceVersion: string): JsonObject {
  return { preconditions: { resourceVersion } };
}

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ApiError ? [error.code, error.status.details?.causes?.[0]?.message] : error;
}

describe('eviction', () => {
  it('deletes a pod that no budget protects', async () => {
    expect(await evict(pod('Running', true))).toEqual([{}]);
  });

  it('says in the conditions of the pod that it is evicted, once', async () => {
    const [ready, ...others] = pod('Running', true).status.conditions ?? [];
    const target = {
      type: 'DisruptionTarget',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: context.now,
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    };
    await evict(pod('Running', true));
    expect((await readPod()).status.conditions).toEqual([ready, ...others, target]);
    await evict(await readPod());
    expect((await readPod()).status.conditions).toEqual([ready, ...others, target]);
  });

  it('says nothing there on a dry run', async () => {
    await evict(pod('Running', true), true);
    expect((await readPod()).status.conditions).toHaveLength(1);
  });

  it('spends what the budget has', async () => {
    await addBudget('b', { disruptionsAllowed: 1 });
    await evict(pod('Running', true));
    expect((await readBudget('b')).status).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { p: context.now } });
    expect(await refusal(evict(pod('Running', true)))).toEqual([429, 'The disruption budget b needs 2 healthy pods and has 1 currently']);
  });

  it('spends nothing on a dry run', async () => {
    await addBudget('b', { disruptionsAllowed: 1 });
    await evict(pod('Running', true), true);
    expect((await readBudget('b')).status.disruptionsAllowed).toBe(1);
  });

  it('waits for a budget that has not been looked at', async () => {
    await addBudget('b', { disruptionsAllowed: 1 });
    await budgets.store.update('default/b', (current) => {
      const budget = budgets.form.decode(current?.value ?? Buffer.alloc(0));
      budget.metadata.generation = 2;
      return { action: 'put', value: budgets.form.encode(budget) };
    });
    expect(await refusal(evict(pod('Running', true)))).toEqual([429, 'The disruption budget b is still being processed by the server.']);
  });

  it('is a dry run when the body asks for one', async () => {
    await addBudget('b', { disruptionsAllowed: 1 });
    expect(await evict(pod('Running', true), false, 0, { dryRun: ['All'] })).toEqual([{ dryRun: ['All'] }]);
    expect((await readBudget('b')).status.disruptionsAllowed).toBe(1);
    expect((await readPod()).status.conditions).toHaveLength(1);
  });

  it('passes on that the request is a dry run', async () => {
    expect(await evict(pod('Running', true), true, 0, { gracePeriodSeconds: 3 })).toEqual([{ gracePeriodSeconds: 3, dryRun: ['All'] }]);
  });

  it('deletes nothing that cannot be read', async () => {
    await expect(evict(pod('Running', true), false, 0, { ignoreStoreReadErrorWithClusterBreakingPotential: true })).rejects.toThrow(
      'Eviction.policy "p" is invalid: deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential: Invalid value: true: can not be set for pod eviction, try after removing the option',
    );
  });

  it('evicts the version that is asked for, or none', async () => {
    const wanted = { preconditions: { resourceVersion: '2' } };
    await expect(evict(pod('Pending', false), false, 1, wanted)).rejects.toThrow('changed');
    expect(versions).toEqual(['3']);
  });

  it('evicts the pod that is meant, or none', async () => {
    await expect(evict(pod('Running', true), false, 0, { preconditions: { uid: 'x' } })).rejects.toThrow(
      'Operation cannot be fulfilled on Pod "p": the UID in the precondition (x) does not match the UID in record',
    );
    expect((await readPod()).status.conditions).toHaveLength(1);
  });

  it('refuses a pod with two budgets', async () => {
    await addBudget('b', { disruptionsAllowed: 1 });
    await addBudget('c', { disruptionsAllowed: 1 });
    expect(await refusal(evict(pod('Running', true)))).toEqual([
      500,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    ]);
  });

  it('asks no budget for a pod that is done, and deletes a waiting one only as it was seen', async () => {
    await addBudget('b', {});
    expect(await evict(pod('Succeeded', false))).toEqual([{}]);
    expect(await evict(pod('Pending', false), false, 1)).toEqual(versions.slice(1).map(asItIs));
    expect(versions).toHaveLength(3);
  });

  it('lets a pod go that is not ready while enough others are', async () => {
    await addBudget('b', { currentHealthy: 2, desiredHealthy: 2 });
    expect(await evict(pod('Running', false))).toEqual(versions.map(asItIs));
  });

  it('has it tried again later when a pod that is not ready changes meanwhile', async () => {
    await addBudget('b', { currentHealthy: 2, desiredHealthy: 2 });
    expect(await refusal(evict(pod('Running', false), false, 1))).toEqual([
      429,
      'The disruption budget b is still being processed by the server.',
    ]);
  });

  it('lets a pod go that is not ready if the budget always does', async () => {
    await addBudget('b', {}, { unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect(await evict(pod('Running', false))).toEqual(versions.map(asItIs));
  });
});

describe('bindPod', () => {
  const to = (name: string): core.v1.Binding => ({ metadata: { name: 'p', annotations: { a: 'b' } }, target: { kind: 'Node', name } });

  it('puts a pod on a node, once', async () => {
    await pods.store.create('default/p', pods.form.encode({ ...pod('Pending', false), status: { phase: 'Pending' } } as Pod));
    await bindPod(pods, 'default', 'p', to('n1'), context);
    const { object } = await pods.store.get('default/p', { at: 'consistent' });
    const bound = pods.form.decode(object?.value ?? Buffer.alloc(0)) as Pod;
    expect(bound.spec.nodeName).toBe('n1');
    expect(bound.metadata.annotations).toEqual({ a: 'b' });
    expect(bound.status.conditions).toEqual([
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: context.now },
    ]);
    await expect(bindPod(pods, 'default', 'p', to('n2'), context)).rejects.toThrow('pod p is already assigned to node "n1"');
  });

  it('refuses what is no node', async () => {
    const target = { kind: 'Pod' };
    await expect(bindPod(pods, 'default', 'p', { metadata: {}, target }, context)).rejects.toThrow(
      '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
    );
  });

  it('knows when there is no pod', async () => {
    await expect(bindPod(pods, 'default', 'p', to('n1'), context)).rejects.toThrow('pods "p" not found');
  });
});
