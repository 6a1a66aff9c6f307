import { formatPortRange, heldPorts, type NodePortLedger, type PortBitmap, type PortRange } from '@keelson/api';
import type { GroupVersionResource } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Log, LoopbackClient } from '@keelson/server';
import { EventRecorder, type Finding, referenceTo } from './events/event-recorder.js';
import type { NodePortRepairMetrics } from './node-port-repair-metrics.js';
import { RepeatedTask } from './repeated-task.js';

type Service = core.v1.Service;

const SERVICES: GroupVersionResource = { group: '', version: 'v1', resource: 'services' };
const REPAIR_MS = 3 * 60_000;
/** A port that no service has is given up when it was found so this many times: before that, its service may be about to be written. */
const LEAK_ROUNDS = 3;

/** What one look at services and their ports has found. */
interface Outcome {
  readonly findings: readonly Finding[];
  /** Ports that no service has, with the number of rounds they were seen in. */
  readonly suspects: ReadonlyMap<number, number>;
  readonly leaked: readonly number[];
}

/**
 * Brings the record of node ports in line with the services: what a service has is taken, and what no service has is
 * free again, such as what a server took that crashed before it wrote the service.
 */
export class NodePortRepair {
  readonly #client: LoopbackClient;
  readonly #ledger: NodePortLedger;
  readonly #log: Log;
  readonly #recorder: EventRecorder;
  readonly #rounds: RepeatedTask;
  readonly #metrics: NodePortRepairMetrics | undefined;
  #suspects: ReadonlyMap<number, number> = new Map();

  constructor(
    client: LoopbackClient,
    ledger: NodePortLedger,
    log: Log,
    onFailure: (error: unknown) => void,
    metrics?: NodePortRepairMetrics,
  ) {
    this.#client = client;
    this.#ledger = ledger;
    this.#log = log;
    this.#recorder = new EventRecorder(client, 'portallocator-repair-controller', onFailure);
    this.#metrics = metrics;
    const failed = (error: unknown) => {
      metrics?.failed();
      onFailure(error);
    };
    this.#rounds = new RepeatedTask(() => this.repair(), REPAIR_MS, failed);
  }

  /** Resolves after the first repair. */
  start(): Promise<void> {
    return this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. */
  async repair(): Promise<void> {
    let outcome: Outcome = { findings: [], suspects: new Map(), leaked: [] };
    // Services are listed after the record was read, and the record is written only if it has not changed since: a
    // service that has a port which the record says is free is then no service that has just come.
    await this.#ledger.change(async (bitmap) => {
      const services = (await this.#client.list(SERVICES, '')) as Service[];
      outcome = repairPorts(bitmap, this.#ledger.range, services, this.#suspects);
      return true;
    });
    this.#suspects = outcome.suspects;
    if (outcome.leaked.length > 0) this.#log.warn('node ports without a service are free again', { ports: outcome.leaked });
    this.#metrics?.leaked(outcome.leaked.length);
    for (const { reason } of outcome.findings) this.#metrics?.found(reason);
    for (const finding of outcome.findings) await this.#recorder.warn(finding);
  }
}

/** Corrects the bitmap in place. */
function repairPorts(bitmap: PortBitmap, range: PortRange, services: readonly Service[], suspects: ReadonlyMap<number, number>): Outcome {
  const findings: Finding[] = [];
  const held = new Set<number>();
  for (const service of services) {
    for (const port of heldPorts(service)) {
      const problem = portProblem(port, range, held, bitmap);
      if (problem !== undefined) findings.push(findingAbout(service, ...problem));
      held.add(port);
    }
  }
  for (const port of held) if (isWithin(range, port)) bitmap.set(port - range.first);
  return { findings, ...freeLeaked(bitmap, range, held, suspects) };
}

function portProblem(
  port: number,
  range: PortRange,
  held: ReadonlySet<number>,
  bitmap: PortBitmap,
): [reason: string, note: string] | undefined {
  if (!isWithin(range, port))
    return ['PortOutOfRange', `Port ${port} is not within the port range ${formatPortRange(range)}; please recreate service`];
  if (held.has(port)) return ['PortAlreadyAllocated', `Port ${port} was assigned to multiple services; please recreate service`];
  if (!bitmap.has(port - range.first)) return ['PortNotAllocated', `Port ${port} is not allocated; repairing`];
  return undefined;
}

function freeLeaked(
  bitmap: PortBitmap,
  range: PortRange,
  held: ReadonlySet<number>,
  suspects: ReadonlyMap<number, number>,
): Pick<Outcome, 'suspects' | 'leaked'> {
  const next = new Map<number, number>();
  const leaked: number[] = [];
  for (let port = range.first; port <= range.last; port++) {
    if (held.has(port) || !bitmap.has(port - range.first)) continue;
    const rounds = (suspects.get(port) ?? 0) + 1;
    if (rounds < LEAK_ROUNDS) next.set(port, rounds);
    else {
      bitmap.clear(port - range.first);
      leaked.push(port);
    }
  }
  return { suspects: next, leaked };
}

function isWithin({ first, last }: PortRange, port: number): boolean {
  return port >= first && port <= last;
}

function findingAbout(service: Service, reason: string, note: string): Finding {
  return { regarding: referenceTo('v1', 'Service', service), reason, action: 'PortAllocation', note };
}
