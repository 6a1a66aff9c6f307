import { readFile } from 'node:fs/promises';
import { Asked } from './asked.js';
import { CollectedFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** What Linux alone tells of a process, and prom-client does not. */
export function addProcessFamilies(registry: MetricsRegistry, onFailure: (error: unknown) => void): void {
  const limit = new Asked(async () => addressSpaceLimit(await readFile('/proc/self/limits', 'utf8')), onFailure);
  const traffic = new Asked(async () => trafficOf(await readFile('/proc/self/net/netstat', 'utf8')), onFailure);
  const add = (type: 'counter' | 'gauge', name: string, help: string, value: () => number | undefined, prepare?: () => Promise<void>) => {
    const collect = () => [value()].flatMap((known): [string[], number][] => (known === undefined ? [] : [[[], known]]));
    registry.add(new CollectedFamily(type, name, help, [], collect, prepare));
  };
  add(
    'gauge',
    'process_virtual_memory_max_bytes',
    'Maximum amount of virtual memory available in bytes.',
    () => limit.value,
    () => limit.prepare(),
  );
  // Both are read at once, for the first of them.
  add(
    'counter',
    'process_network_receive_bytes_total',
    'Bytes that the network of the process has received.',
    () => traffic.value?.received,
    () => traffic.prepare(),
  );
  add('counter', 'process_network_transmit_bytes_total', 'Bytes that the network of the process has sent.', () => traffic.value?.sent);
}

/** From `/proc/self/limits`. No limit is told as the largest number of 64 bits, as Prometheus' clients do. */
export function addressSpaceLimit(text: string): number | undefined {
  const limit = /^Max address space +(\S+)/m.exec(text)?.[1];
  if (limit === undefined) return undefined;
  return limit === 'unlimited' ? 2 ** 64 : Number(limit);
}

interface Traffic {
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

/** From `/proc/self/net/netstat`, where a line of names stands above one of values. */
export function trafficOf(text: string): Traffic {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('IpExt: '))
    .map((line) => line.split(' '));
  const octets = (name: string) => {
    const value = values[names.indexOf(name)];
    return value === undefined ? undefined : Number(value);
  };
  return { received: octets('InOctets'), sent: octets('OutOctets') };
}
