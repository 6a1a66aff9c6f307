import { core, unwrapMessage } from '@keelson/schema';
import { scraped, stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { NodePortRepair } from './node-port-repair.js';
import { NodePortRepairMetrics } from './node-port-repair-metrics.js';
import { createService, eventTexts, fail, nodePortLedger, startBuiltInServer, storedRevisions } from './testing/built-in-server.js';

afterEach(stopTestServers);

const key = '/registry/ranges/servicenodeports';

function repairOf(server: TestServer, ledger = nodePortLedger(server)): NodePortRepair {
  return new NodePortRepair(server.api.loopback, ledger, server.log, fail);
}

function countedRepairOf(server: TestServer): NodePortRepair {
  const metrics = new NodePortRepairMetrics(server.api.instruments.registry);
  return new NodePortRepair(server.api.loopback, nodePortLedger(server), server.log, fail, metrics);
}

async function taken(server: TestServer): Promise<number[]> {
  const bitmap = await nodePortLedger(server).read();
  return Array.from({ length: 100 }, (_, bit) => bit)
    .filter((bit) => bitmap.has(bit))
    .map((bit) => 30_000 + bit);
}

/** As a server does that crashes before it writes the service. */
async function leak(server: TestServer, ...ports: number[]): Promise<void> {
  await nodePortLedger(server).change((bitmap) => {
    for (const port of ports) bitmap.set(port - 30_000);
    return true;
  });
}

/** As a restored, older record does. */
async function lose(server: TestServer, port: number): Promise<void> {
  await nodePortLedger(server).change((bitmap) => {
    bitmap.clear(port - 30_000);
    return true;
  });
}

const nodePort = (port: number) => ({ type: 'NodePort', ports: [{ port: 80, nodePort: port }] }) as core.v1.ServiceSpec;

describe('repairing node ports', () => {
  it('counts what it finds, by the types of kube-apiserver', async () => {
    const server = await startBuiltInServer();
    const repair = countedRepairOf(server);
    await createService(server, 'web', nodePort(30_050));
    await lose(server, 30_050);
    await leak(server, 30_010, 30_011);
    for (let round = 0; round < 3; round++) await repair.repair();
    expect(await scraped(server, 'apiserver_nodeport_repair_port_errors_total')).toEqual(['{type="repair"} 1', '{type="leak"} 2']);
    const { text } = await server.client.get('/metrics');
    expect(text).toContain('\napiserver_nodeport_repair_reconcile_errors_total 0\n');
  });

  it('records the range of a new cluster, as kube-apiserver does', async () => {
    const server = await startBuiltInServer();
    await repairOf(server).repair();
    const { kv } = await server.backend.get(key);
    expect(kv?.value.subarray(0, 4)).toEqual(Buffer.from('k8s\0'));
    const message = unwrapMessage(kv?.value ?? Buffer.alloc(0));
    const { range, data } = core.v1.RangeAllocation.codec.decode(message);
    expect({ range, data }).toEqual({ range: '30000-30099', data: '' });
  });

  it('writes nothing when all is right, on any replica', async () => {
    const first = await startBuiltInServer();
    await createService(first, 'web', nodePort(30_007));
    const one = repairOf(first);
    await one.start();
    const before = await storedRevisions(first);
    const second = await startBuiltInServer(first.backend);
    const other = repairOf(second);
    await other.start();
    await Promise.all([one.repair(), other.repair()]);
    expect(await storedRevisions(first)).toEqual(before);
    expect(await taken(first)).toEqual([30_007]);
    await Promise.all([one.stop(), other.stop()]);
  });

  it('takes what a service has', async () => {
    const server = await startBuiltInServer();
    await createService(server, 'web', nodePort(30_007));
    await lose(server, 30_007);
    await repairOf(server).repair();
    expect(await taken(server)).toEqual([30_007]);
    expect(await eventTexts(server)).toEqual(['PortNotAllocated: Port 30007 is not allocated; repairing']);
  });

  it('frees what no service has had three times', async () => {
    const server = await startBuiltInServer();
    await createService(server, 'web', nodePort(30_007));
    await leak(server, 30_001, 30_002);
    const repair = repairOf(server);
    await repair.repair();
    await repair.repair();
    expect(await taken(server)).toEqual([30_001, 30_002, 30_007]);
    await createService(server, 'late', nodePort(30_050));
    await lose(server, 30_002);
    await createService(server, 'later', nodePort(30_002));
    await repair.repair();
    expect(await taken(server)).toEqual([30_002, 30_007, 30_050]);
    expect(server.log.lines).toContain('warn node ports without a service are free again');
    expect(await eventTexts(server)).toEqual([]);
  });

  it('counts again from the start when a service had the port in between', async () => {
    const server = await startBuiltInServer();
    await leak(server, 30_001);
    const repair = repairOf(server);
    await repair.repair();
    await repair.repair();
    await lose(server, 30_001);
    await createService(server, 'web', nodePort(30_001));
    await repair.repair();
    await server.client.delete('/api/v1/namespaces/default/services/web');
    await leak(server, 30_001);
    await repair.repair();
    await repair.repair();
    expect(await taken(server)).toEqual([30_001]);
    await repair.repair();
    expect(await taken(server)).toEqual([]);
  });

  it('tells of ports that two services have, or that are of no range', async () => {
    const server = await startBuiltInServer();
    await createService(server, 'a', nodePort(30_007));
    await lose(server, 30_007);
    await createService(server, 'b', nodePort(30_007));
    await repairOf(server).repair();
    expect(await taken(server)).toEqual([30_007]);
    const narrow = nodePortLedger(server, { first: 30_010, last: 30_020 });
    await repairOf(server, narrow).repair();
    expect(await eventTexts(server)).toEqual([
      'PortOutOfRange: Port 30007 is not within the port range 30010-30020; please recreate service',
      'PortAlreadyAllocated: Port 30007 was assigned to multiple services; please recreate service',
      'PortOutOfRange: Port 30007 is not within the port range 30010-30020; please recreate service',
    ]);
  });

  it('takes no service for broken that comes while it looks', async () => {
    const server = await startBuiltInServer();
    const repair = repairOf(server);
    const create = async () => {
      for (let i = 0; i < 20; i++) await createService(server, `s${i}`, { type: 'NodePort' });
    };
    const look = async () => {
      for (let i = 0; i < 20; i++) await repairOf(server).repair();
    };
    await Promise.all([create(), look(), repair.repair()]);
    expect(await taken(server)).toHaveLength(20);
    expect(await eventTexts(server)).toEqual([]);
  });
});
