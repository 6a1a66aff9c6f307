import { type AdmissionAttributes, ApiError, type Json, notFound, type ObjectReceiver } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { readLimitedResources } from './configuration.js';
import { QuotaLedger } from './quota-ledger.js';
import { ResourceQuota } from './resource-quota.js';

type Quota = core.v1.ResourceQuota;
type List = Record<string, string>;

interface Given {
  readonly hard?: List;
  /** Undefined: nothing has been measured. */
  readonly used?: List;
  readonly spec?: core.v1.ResourceQuotaSpec;
}

function quota(name: string, { hard = {}, used = {}, spec = {} }: Given): Quota {
  return {
    metadata: { name, namespace: 'web', uid: name, resourceVersion: '1' },
    spec,
    status: { hard, used },
  };
}

/** A store of quotas, shared by replicas; each replica knows what it was last told of. */
class Store {
  readonly quotas = new Map<string, Quota>();
  writes = 0;
  #revision = 1;

  constructor(...quotas: Quota[]) {
    for (const one of quotas) this.quotas.set(one.metadata.name ?? '', one);
  }

  /** With `tell` it can be told of what is stored by now. */
  replica(limited?: Json): { plugin: ResourceQuota; tell: () => void } {
    let receiver: ObjectReceiver<Quota> | undefined;
    const { objects } = hostOf();
    const access = {
      ...objects,
      writer: () => ({ updateStatus: (_: string, name: string, change: (one: Quota) => void) => this.#update(name, change) }),
      follow: (_: unknown, told: ObjectReceiver<Quota>) => {
        receiver = told;
      },
    };
    const plugin = new ResourceQuota(new QuotaLedger(access as never), readLimitedResources(limited));
    const tell = () => {
      for (const one of this.quotas.values()) receiver?.set(structuredClone(one));
    };
    tell();
    return { plugin, tell };
  }

  /** As the server's own client: reads, and reads again when another writer was faster. */
  async #update(name: string, change: (one: Quota) => void): Promise<string> {
    for (;;) {
      const stored = this.quotas.get(name);
      await new Promise((resolve) => setImmediate(resolve));
      if (stored === undefined) throw notFound({ group: '', resource: 'resourcequotas' }, name);
      const next = structuredClone(stored);
      change(next);
      if (this.quotas.get(name) !== stored) continue;
      this.#revision += 1;
      next.metadata.resourceVersion = String(this.#revision);
      this.quotas.set(name, next);
      this.writes += 1;
      return next.metadata.resourceVersion;
    }
  }

  used(name = 'q'): List | undefined {
    return this.quotas.get(name)?.status.used;
  }
}

const maps = target('', 'ConfigMap', 'configmaps');
const services = target('', 'Service', 'services');

function configMap(name = 'm', more: Partial<AdmissionAttributes> = {}): AdmissionAttributes {
  return attributes(maps, 'CREATE', { metadata: { name, namespace: 'web' } }, more);
}

function pod(spec: Partial<core.v1.PodSpec> = {}): core.v1.Pod {
  return { metadata: { name: 'p', namespace: 'web' }, spec: { containers: [{ name: 'c', resources: {} }], ...spec }, status: {} };
}

async function outcome(plugin: ResourceQuota, written: AdmissionAttributes): Promise<string> {
  const error = (await failureOf(() => plugin.validate(written))) as ApiError | undefined;
  return error === undefined ? 'admitted' : `${error.code} ${error.message}`;
}

describe('a quota', () => {
  it('is charged until there is no more', async () => {
    const store = new Store(quota('q', { hard: { configmaps: '2' }, used: { configmaps: '0' } }));
    const { plugin } = store.replica();
    const outcomes = [];
    for (const name of ['a', 'b', 'c']) outcomes.push(await outcome(plugin, configMap(name)));
    expect(outcomes).toEqual([
      'admitted',
      'admitted',
      '403 configmaps "c" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
    ]);
    expect(store.used()).toEqual({ configmaps: '2' });
  });

  it('is not overshot by however many writes on however many replicas, old as their knowledge may be', async () => {
    const store = new Store(quota('q', { hard: { configmaps: '50' }, used: { configmaps: '0' } }));
    const replicas = [store.replica(), store.replica(), store.replica()];
    const writes = Array.from({ length: 200 }, (_, i) => outcome(replicas[i % 3]?.plugin as ResourceQuota, configMap(`m${i}`)));
    const outcomes = await Promise.all(writes);
    expect(outcomes.filter((text) => text === 'admitted')).toHaveLength(50);
    expect(outcomes.filter((text) => text.includes('exceeded quota: q'))).toHaveLength(150);
    expect(store.used()).toEqual({ configmaps: '50' });
    // One write for all that wait at the same time.
    expect(store.writes).toBeLessThan(15);
  });

  it('that has shrunk is not refused by what was known before', async () => {
    const full = quota('q', { hard: { configmaps: '1' }, used: { configmaps: '1' } });
    const store = new Store(full);
    const { plugin } = store.replica();
    store.quotas.set('q', { ...full, status: { ...full.status, used: { configmaps: '0' } } });
    expect([await outcome(plugin, configMap()), store.used()]).toEqual(['admitted', { configmaps: '1' }]);
  });

  it('that is gone refuses nothing', async () => {
    const store = new Store(quota('q', { hard: { configmaps: '0' }, used: { configmaps: '0' } }));
    const { plugin } = store.replica();
    store.quotas.clear();
    expect(await outcome(plugin, configMap())).toBe('admitted');
  });

  it('is not charged by a dry run, which is told all the same', async () => {
    const store = new Store(quota('q', { hard: { configmaps: '1' }, used: { configmaps: '0' } }));
    const { plugin } = store.replica();
    const dry = () => outcome(plugin, configMap('d', { dryRun: true }));
    expect([await dry(), await dry(), store.writes]).toEqual(['admitted', 'admitted', 0]);
    await outcome(plugin, configMap());
    expect(await dry()).toMatch(/^403 .*exceeded quota: q/);
  });

  it('counts only what it is about', async () => {
    const store = new Store(
      quota('q', {
        hard: { configmaps: '0', 'count/secrets': '0' },
        used: { configmaps: '0', 'count/secrets': '0' },
        spec: { scopes: ['BestEffort'] },
      }),
      quota('r', { hard: { 'count/secrets': '0' }, used: { 'count/secrets': '0' } }),
    );
    const { plugin } = store.replica();
    expect(await outcome(plugin, configMap())).toBe('admitted');
    expect(plugin.validate(attributes(target('', 'Event', 'events'), 'CREATE', { metadata: { namespace: 'web' } }))).toBeUndefined();
    expect(
      plugin.validate(attributes(target('', 'Namespace', 'namespaces'), 'CREATE', { metadata: { name: 'web' } }, { namespace: 'web' })),
    ).toBeUndefined();
    expect(plugin.validate(attributes(maps, 'CREATE', { metadata: { namespace: 'other' } }))).toBeUndefined();
  });

  it('that nobody has measured yet does not hold; one that lacks a measure refuses', async () => {
    const unseen = new Store(quota('q', { spec: { hard: { configmaps: '0' } } }));
    expect(await outcome(unseen.replica().plugin, configMap())).toBe('admitted');
    const half = new Store(quota('q', { hard: { 'count/configmaps': '5', configmaps: '5', pods: '1' }, used: { configmaps: '0' } }));
    expect(await outcome(half.replica().plugin, configMap())).toBe(
      '403 configmaps "m" is forbidden: status unknown for quota: q, resources: configmaps,count/configmaps',
    );
  });

  it('says all that is too much, and what must be said', async () => {
    const store = new Store(
      quota('q', {
        hard: { pods: '9', 'requests.cpu': '1', 'limits.memory': '1Gi' },
        used: { pods: '0', 'requests.cpu': '0', 'limits.memory': '512Mi' },
      }),
    );
    const { plugin } = store.replica();
    const big = pod({ containers: [{ name: 'c', resources: { requests: { cpu: '2' }, limits: { memory: '2Gi' } } }] });
    expect([await outcome(plugin, attributes(pods, 'CREATE', big)), await outcome(plugin, attributes(pods, 'CREATE', pod()))]).toEqual([
      '403 pods "p" is forbidden: exceeded quota: q, requested: limits.memory=2Gi,requests.cpu=2, used: limits.memory=512Mi,requests.cpu=0, limited: limits.memory=1Gi,requests.cpu=1',
      '403 pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    ]);
  });

  it('refuses amounts below nothing', async () => {
    const store = new Store(quota('q', { hard: { 'requests.storage': '5Gi' }, used: { 'requests.storage': '0' } }));
    const claim = { metadata: { name: 'c', namespace: 'web' }, spec: { resources: { requests: { storage: '-1Gi' } } }, status: {} };
    const written = attributes(target('', 'PersistentVolumeClaim', 'persistentvolumeclaims'), 'CREATE', claim);
    expect(await outcome(store.replica().plugin, written)).toBe(
      '403 persistentvolumeclaims "c" is forbidden: quota usage is negative for resource(s): requests.storage',
    );
  });
});

describe('an update', () => {
  const service = (type: string, ports: number) => ({
    metadata: { name: 's', namespace: 'web', resourceVersion: '1' },
    spec: { type, ports: Array.from({ length: ports }, (_, i) => ({ port: i + 1 })) },
  });
  const change = (from: object, to: object, more: Partial<AdmissionAttributes> = {}) =>
    attributes(services, 'UPDATE', to as never, { oldObject: from as never, ...more });

  it('is charged with what is more, and gives nothing back', async () => {
    const hard = { services: '1', 'services.nodeports': '3' };
    const store = new Store(quota('q', { hard, used: { services: '1', 'services.nodeports': '0' } }));
    const { plugin } = store.replica();
    expect(await outcome(plugin, change(service('ClusterIP', 2), service('NodePort', 2)))).toBe('admitted');
    expect(store.used()).toEqual({ services: '1', 'services.nodeports': '2' });
    expect(await outcome(plugin, change(service('NodePort', 2), service('NodePort', 4)))).toMatch(
      /exceeded quota: q, requested: services.nodeports=2/,
    );
    expect(await outcome(plugin, change(service('NodePort', 2), service('ClusterIP', 2)))).toBe('admitted');
    expect([store.used(), store.writes]).toEqual([{ services: '1', 'services.nodeports': '2' }, 1]);
  });

  it('that comes into a scope is charged as a whole', async () => {
    const store = new Store(
      quota('ends', { hard: { pods: '1' }, used: { pods: '0' }, spec: { scopes: ['Terminating'] } }),
      quota('stays', { hard: { pods: '1' }, used: { pods: '1' }, spec: { scopes: ['NotTerminating'] } }),
    );
    const update = attributes(pods, 'UPDATE', pod({ activeDeadlineSeconds: 5 }), { oldObject: pod() });
    expect(await outcome(store.replica().plugin, update)).toBe('admitted');
    expect([store.used('ends'), store.used('stays')]).toEqual([{ pods: '1' }, { pods: '1' }]);
  });

  it('of a status is charged, however little there is left', async () => {
    const claims = target('', 'PersistentVolumeClaim', 'persistentvolumeclaims');
    const claim = (allocated?: string) => ({
      metadata: { name: 'c', namespace: 'web', resourceVersion: '1' },
      spec: { resources: { requests: { storage: '1Gi' } } },
      status: { ...(allocated && { allocatedResources: { storage: allocated } }) },
    });
    const store = new Store(quota('q', { hard: { 'requests.storage': '1Gi' }, used: { 'requests.storage': '1Gi' } }));
    const grown = attributes(claims, 'UPDATE', claim('3Gi'), { oldObject: claim(), subresource: 'status' });
    expect([await outcome(store.replica().plugin, grown), store.used()]).toEqual(['admitted', { 'requests.storage': '3Gi' }]);
  });
});

describe('several quotas', () => {
  it('are all charged, or none where one is known to refuse', async () => {
    const enough = quota('a', { hard: { configmaps: '9' }, used: { configmaps: '0' } });
    const store = new Store(enough, quota('b', { hard: { 'count/configmaps': '1' }, used: { 'count/configmaps': '0' } }));
    const { plugin } = store.replica();
    expect([await outcome(plugin, configMap('x')), store.used('a'), store.used('b')]).toEqual([
      'admitted',
      { configmaps: '1' },
      { 'count/configmaps': '1' },
    ]);
    expect(await outcome(plugin, configMap('y'))).toMatch(/exceeded quota: b/);
    expect(store.used('a')).toEqual({ configmaps: '1' });
  });

  it('tell first what must be said', async () => {
    const store = new Store(
      quota('a', { hard: { pods: '0' }, used: { pods: '0' } }),
      quota('b', { hard: { cpu: '1' }, used: { cpu: '0' } }),
    );
    expect(await outcome(store.replica().plugin, attributes(pods, 'CREATE', pod()))).toMatch(/failed quota: b: must specify cpu for: c/);
  });
});

it('gives the failure of the store to those who wait', async () => {
  const store = new Store(quota('q', { hard: { configmaps: '5' }, used: { configmaps: '0' } }));
  const { plugin } = store.replica();
  const failure = new ApiError(500, 'InternalError', 'no store');
  store.quotas.get = () => {
    throw failure;
  };
  expect(await failureOf(() => plugin.validate(configMap()))).toBe(failure);
});

describe('limited resources', () => {
  const configuration = (limitedResources: Json): Json => ({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'ResourceQuotaConfiguration',
    limitedResources,
  });
  const claims = configuration([
    { resource: 'persistentvolumeclaims', matchContains: ['.storageclass.storage.k8s.io/requests.storage', 'claims'] },
  ]);
  const claim = (storageClassName?: string) =>
    attributes(target('', 'PersistentVolumeClaim', 'persistentvolumeclaims'), 'CREATE', {
      metadata: { name: 'c', namespace: 'web' },
      spec: { resources: { requests: { storage: '1Gi' } }, ...(storageClassName && { storageClassName }) },
      status: {},
    } as core.v1.PersistentVolumeClaim);

  it('are only used where a quota covers them', async () => {
    const used = { persistentvolumeclaims: '0', 'count/persistentvolumeclaims': '0' };
    const store = new Store(quota('q', { hard: { persistentvolumeclaims: '9', 'count/persistentvolumeclaims': '9' }, used }));
    const { plugin } = store.replica(claims);
    expect(await outcome(plugin, claim())).toBe('admitted');
    const gold = 'gold.storageclass.storage.k8s.io/';
    expect(await outcome(plugin, claim('gold'))).toBe(
      `403 persistentvolumeclaims "c" is forbidden: insufficient quota to consume: ${gold}persistentvolumeclaims,${gold}requests.storage`,
    );
    expect(await outcome(new Store().replica(claims).plugin, claim())).toBe(
      '403 persistentvolumeclaims "c" is forbidden: insufficient quota to consume: count/persistentvolumeclaims,persistentvolumeclaims',
    );
  });

  it('are so by the scopes of what uses them', async () => {
    const matchScopes = [{ scopeName: 'PriorityClass', operator: 'In', values: ['high', 'higher'] }];
    const critical = configuration([{ resource: 'pods', matchScopes }]);
    const high = attributes(pods, 'CREATE', pod({ priorityClassName: 'high' }));
    expect(await outcome(new Store().replica(critical).plugin, high)).toBe(
      '500 insufficient quota to match these scopes: [{PriorityClass In [high higher]}]',
    );
    expect(await outcome(new Store().replica(critical).plugin, attributes(pods, 'CREATE', pod()))).toBe('admitted');
    const scopeSelector = { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] };
    const covering = new Store(quota('q', { hard: { pods: '1' }, used: { pods: '0' }, spec: { scopeSelector } }));
    expect(await outcome(covering.replica(critical).plugin, high)).toBe('admitted');
  });
});
