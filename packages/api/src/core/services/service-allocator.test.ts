import { ApiError, defaultFeatures } from '@keelson/machinery';
import { core, networking } from '@keelson/schema';
import { defineResource, MetricsRegistry, type Resource, type WriteContext } from '@keelson/server';
import { DirectStore, type KvBackend } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { prepareServiceUpdate } from './allocated-values.js';
import { AllocationMetrics } from './allocation-metrics.js';
import { ClusterIpAllocator } from './cluster-ip-allocator.js';
import { NodePortAllocator } from './node-port-allocator.js';
import { NodePortLedger } from './node-port-ledger.js';
import { ServiceAllocator } from './service-allocator.js';
import { defaultService } from './service-defaults.js';

type Service = core.v1.Service;

const context: WriteContext = {
  user: { name: 'admin', groups: [] },
  namespace: 'default',
  name: '',
  apiVersion: 'v1',
  dryRun: false,
  features: defaultFeatures,
  now: '2026-01-01T00:00:00Z',
  warn: () => undefined,
  annotate: () => undefined,
};

function bound(backend: KvBackend, resource: Resource): Resource {
  const { key } = resource.definition.storage;
  resource.bind(new DirectStore(backend, { prefix: `/registry/${key}/`, namespaced: false, indexer: resource.form.indexer }));
  return resource;
}

interface Replica {
  readonly allocator: ServiceAllocator;
  readonly addresses: Resource;
}

/** One server of several that share a store. */
function replica(
  backend: KvBackend,
  ranges = ['10.0.0.0/28'],
  nodePortRange = { first: 30000, last: 30007 },
  metrics?: AllocationMetrics,
): Replica {
  const addresses = bound(
    backend,
    defineResource(networking.v1.IPAddress, { names: { plural: 'ipaddresses' }, scope: 'Cluster', storage: { key: 'ipaddresses' } }),
  );
  const cidrs = bound(
    backend,
    defineResource(networking.v1.ServiceCIDR, { names: { plural: 'servicecidrs' }, scope: 'Cluster', storage: { key: 'servicecidrs' } }),
  );
  const allocations = bound(
    backend,
    defineResource(core.v1.RangeAllocation, { names: { plural: 'ranges' }, scope: 'Cluster', storage: { key: 'ranges' } }),
  );
  const ips = new ClusterIpAllocator({ ipAddresses: addresses, serviceCidrs: cidrs, ranges, metrics: metrics?.clusterIps });
  const ports = new NodePortAllocator(new NodePortLedger(allocations, nodePortRange), metrics?.nodePorts);
  return { allocator: new ServiceAllocator(ips, ports), addresses };
}

function service(name: string, spec: core.v1.ServiceSpec = {}): Service {
  const made: Service = {
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }], ...spec },
    status: { loadBalancer: {} },
  };
  defaultService(made);
  return made;
}

async function taken({ addresses }: Replica): Promise<string[]> {
  const page = await addresses.store.list({ path: '' }, { freshness: { at: 'consistent' } });
  return Array.from(page.items, ({ path }) => path);
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  return error instanceof ApiError ? `${error.code} ${error.message}` : String(error);
}

let backend: KvBackend;
let first: Replica;

beforeEach(() => {
  backend = new MemoryBackend();
  first = replica(backend);
});

describe('addresses', () => {
  it('gives every service one of its own, whoever is asked', async () => {
    const servers = [first, replica(backend), replica(backend)];
    const services = Array.from({ length: 14 }, (_, i) => service(`s${i}`));
    await Promise.all(services.map((one, i) => servers[i % 3]?.allocator.reserve(one, undefined, context)));
    const ips = services.map(({ spec }) => spec.clusterIP);
    expect(new Set(ips).size).toBe(14);
    expect((await taken(first)).length).toBe(14);
    expect(ips).not.toContain('10.0.0.0');
    expect(ips).not.toContain('10.0.0.15');
    expect(await refusal(first.allocator.reserve(service('late'), undefined, context))).toBe(
      '500 Internal error occurred: failed to allocate a serviceIP: range is full',
    );
  });

  it('gives the address that is asked for, once', async () => {
    const one = service('one', { clusterIP: '10.0.0.10', clusterIPs: ['10.0.0.10'] });
    await first.allocator.reserve(one, undefined, context);
    expect(one.spec).toMatchObject({
      clusterIP: '10.0.0.10',
      clusterIPs: ['10.0.0.10'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    const two = service('two', { clusterIP: '10.0.0.10', clusterIPs: ['10.0.0.10'] });
    expect(await refusal(first.allocator.reserve(two, undefined, context))).toBe(
      '422 Service "two" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.10"]: failed to allocate IP 10.0.0.10: provided IP is already allocated',
    );
  });

  it('refuses an address of no range', async () => {
    const one = service('one', { clusterIP: '10.1.0.1', clusterIPs: ['10.1.0.1'] });
    expect(await refusal(first.allocator.reserve(one, undefined, context))).toBe(
      '422 Service "one" is invalid: spec.clusterIPs: Invalid value: ["10.1.0.1"]: failed to allocate IP 10.1.0.1: ' +
        'the provided network does not match the current range',
    );
  });

  it('takes it back when the write fails, and when the service is gone', async () => {
    const one = service('one');
    const reservation = await first.allocator.reserve(one, undefined, context);
    await reservation.cancel();
    expect(await taken(first)).toEqual([]);
    const two = service('two');
    await (await first.allocator.reserve(two, undefined, context)).confirm();
    await first.allocator.release(two);
    expect(await taken(first)).toEqual([]);
  });

  it('takes nothing on a dry run', async () => {
    const one = service('one', { type: 'NodePort' });
    await first.allocator.reserve(one, undefined, { ...context, dryRun: true });
    expect(one.spec.clusterIP).toBe('10.0.0.0');
    expect(one.spec.ports?.[0]?.nodePort).toBe(32769);
    expect(await taken(first)).toEqual([]);
  });

  it('gives one of each family', async () => {
    const dual = replica(backend, ['10.0.0.0/28', 'fd00:10::/112']);
    const one = service('one', { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] });
    await dual.allocator.reserve(one, undefined, context);
    expect(one.spec.clusterIPs?.[0]).toMatch(/^fd00:10::/);
    expect(one.spec.clusterIPs?.[1]).toMatch(/^10\.0\.0\./);
    const back = structuredClone(one);
    back.spec.ipFamilyPolicy = 'SingleStack';
    prepareServiceUpdate(back, one);
    await (await dual.allocator.reserve(back, one, context)).confirm();
    expect(back.spec.ipFamilies).toEqual(['IPv6']);
    expect(await taken(dual)).toEqual([one.spec.clusterIP]);
  });

  it('refuses two families in a cluster of one', async () => {
    const one = service('one', { ipFamilyPolicy: 'RequireDualStack' });
    expect(await refusal(first.allocator.reserve(one, undefined, context))).toBe(
      '422 Service "one" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    );
  });
});

describe('node ports', () => {
  it('gives every port one of its own, whoever is asked, and takes it back', async () => {
    const servers = [first, replica(backend)];
    const services = Array.from({ length: 8 }, (_, i) => service(`s${i}`, { type: 'NodePort' }));
    await Promise.all(services.map((one, i) => servers[i % 2]?.allocator.reserve(one, undefined, context)));
    const ports = services.map(({ spec }) => spec.ports?.[0]?.nodePort ?? 0).sort();
    expect(ports).toEqual([30000, 30001, 30002, 30003, 30004, 30005, 30006, 30007]);
    const late = service('late', { type: 'NodePort' });
    expect(await refusal(first.allocator.reserve(late, undefined, context))).toBe(
      '500 Internal error occurred: failed to allocate a nodePort: range is full',
    );
    expect((await taken(first)).length).toBe(8);
    const [gone] = services;
    if (gone !== undefined) await first.allocator.release(gone);
    await first.allocator.reserve(late, undefined, context);
    expect(late.spec.ports?.[0]?.nodePort).toBe(gone?.spec.ports?.[0]?.nodePort);
  });

  it('shares a port among the protocols of a new service', async () => {
    const ports = [
      { name: 'a', port: 53, targetPort: 53, protocol: 'TCP' },
      { name: 'b', port: 53, targetPort: 53, protocol: 'UDP' },
    ];
    const one = service('one', { type: 'NodePort', ports });
    await first.allocator.reserve(one, undefined, context);
    expect(one.spec.ports?.[0]?.nodePort).toBe(one.spec.ports?.[1]?.nodePort);
  });

  it('refuses ports that are taken or out of range, and takes no address then', async () => {
    const asking = (name: string, nodePort: number) =>
      first.allocator.reserve(
        service(name, { type: 'NodePort', ports: [{ port: 80, targetPort: 80, protocol: 'TCP', nodePort }] }),
        undefined,
        context,
      );
    await asking('one', 30003);
    expect(await refusal(asking('two', 30003))).toBe(
      '422 Service "two" is invalid: spec.ports[0].nodePort: Invalid value: 30003: provided port is already allocated',
    );
    expect(await refusal(asking('two', 40000))).toBe(
      '422 Service "two" is invalid: spec.ports[0].nodePort: Invalid value: 40000: provided port is not in the valid range. ' +
        'The range of valid ports is 30000-30007',
    );
    expect((await taken(first)).length).toBe(1);
  });

  it('gives load balancers that keep to local endpoints a port for health checks', async () => {
    const one = service('one', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    await first.allocator.reserve(one, undefined, context);
    expect(one.spec.healthCheckNodePort).toBeGreaterThanOrEqual(30000);
    expect(one.spec.healthCheckNodePort).not.toBe(one.spec.ports?.[0]?.nodePort);
  });

  it('keeps what a changed service still needs, and gives up the rest', async () => {
    const one = service('one', { type: 'NodePort' });
    await first.allocator.reserve(one, undefined, context);
    const same = service('one', { type: 'LoadBalancer' });
    prepareServiceUpdate(same, one);
    await (await first.allocator.reserve(same, one, context)).confirm();
    expect(same.spec.ports).toEqual(one.spec.ports);
    expect(same.spec.clusterIPs).toEqual(one.spec.clusterIPs);
    const name = { ...structuredClone(same), spec: { ...structuredClone(same.spec), type: 'ExternalName', externalName: 'a.example.com' } };
    prepareServiceUpdate(name, same);
    await (await first.allocator.reserve(name, same, context)).confirm();
    expect(name.spec).toEqual({
      type: 'ExternalName',
      externalName: 'a.example.com',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
      sessionAffinity: 'None',
    });
    expect(await taken(first)).toEqual([]);
  });
});

describe('metrics of the allocators', () => {
  it('tell what was taken, what could not be, and what is left, by the names of kube-apiserver', async () => {
    const registry = new MetricsRegistry();
    const fails = (error: unknown) => expect.unreachable(String(error));
    const { allocator } = replica(backend, ['10.0.0.0/28'], { first: 30000, last: 30003 }, new AllocationMetrics(registry, fails));
    const nodePort = (name: string, port: number) =>
      service(name, { type: 'NodePort', ports: [{ port: 80, targetPort: 80, nodePort: port }] });
    const named = service('named', { clusterIP: '10.0.0.10', clusterIPs: ['10.0.0.10'] });
    await allocator.reserve(named, undefined, context);
    await refusal(allocator.reserve(service('late', { clusterIP: '10.0.0.10', clusterIPs: ['10.0.0.10'] }), undefined, context));
    await allocator.reserve(nodePort('port', 30001), undefined, context);
    await allocator.reserve(service('any', { type: 'NodePort' }), undefined, context);
    await refusal(allocator.reserve(nodePort('taken', 30001), undefined, context));
    const ports = Array.from({ length: 3 }, (_, i) => ({ name: `p${i}`, port: 80 + i, targetPort: 80 }));
    await refusal(allocator.reserve(service('many', { type: 'NodePort', ports }), undefined, context));
    let text = '';
    for await (const lines of registry.render()) text += lines;
    const samples = text.split('\n').filter((line) => /^kube/.test(line) && !/_(bucket|sum)/.test(line));
    const range = 'cidr="10.0.0.0/28"';
    expect(samples.map((line) => line.replace(/^kube_apiserver_(.*?)_allocator_/, '$1 '))).toEqual([
      `clusterip allocation_total{${range},scope="static"} 1`,
      `clusterip allocation_total{${range},scope="dynamic"} 4`,
      `clusterip allocation_errors_total{${range},scope="static"} 1`,
      `clusterip allocation_duration_seconds_count{${range}} 5`,
      'nodeport allocation_total{scope="static"} 1',
      'nodeport allocation_total{scope="dynamic"} 1',
      'nodeport allocation_errors_total{scope="static"} 1',
      'nodeport allocation_errors_total{scope="dynamic"} 1',
      `clusterip allocated_ips{${range}} 3`,
      `clusterip available_ips{${range}} 11`,
      'nodeport allocated_ports 2',
      'nodeport available_ports 2',
    ]);
  });
});
