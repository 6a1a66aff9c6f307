import { type FieldPath, path, plainFailure } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { nodePortsOf } from './allocated-values.js';
import { mayHaveNodePorts, needsHealthCheckNodePort, needsNodePorts } from './service-traits.js';

type Service = core.v1.Service;
type ServicePort = core.v1.ServicePort;

/** A port that a write of a service has to take. */
export interface PlannedPort {
  /** As it is asked for; any will do when absent. */
  readonly asked: number | undefined;
  /** Absent for the health check port. */
  readonly at?: FieldPath;
  /** Puts it where it is needed. */
  assign(port: number): void;
}

const portsPath = path('spec', 'ports');

function nodePortPath(index: number): FieldPath {
  return portsPath.index(index).child('nodePort');
}

/** By port number, the first node port that is asked for. */
function askedByNumber(ports: readonly ServicePort[]): Map<number, number> {
  const asked = new Map<number, number>();
  for (const { port, nodePort } of ports) if (nodePort && !asked.has(port)) asked.set(port, nodePort);
  return asked;
}

function assignTo(ports: readonly ServicePort[]): (nodePort: number) => void {
  return (nodePort) => {
    for (const port of ports) port.nodePort = nodePort;
  };
}

/** In a new service, ports of one number and several protocols share their node port. */
function planNew(service: Service): PlannedPort[] {
  const ports = service.spec.ports ?? [];
  const asked = askedByNumber(ports);
  const takers = new Map<number, ServicePort[]>();
  const plan: PlannedPort[] = [];
  for (const [i, port] of ports.entries()) {
    if (!port.nodePort && !needsNodePorts(service)) continue;
    const alike = takers.get(port.port);
    const shared = asked.get(port.port);
    if (alike === undefined) {
      const first = [port];
      takers.set(port.port, first);
      plan.push({ asked: shared, at: nodePortPath(i), assign: assignTo(first) });
    } else if (!port.nodePort) alike.push(port);
    else if (port.nodePort !== shared) plan.push({ asked: port.nodePort, at: nodePortPath(i), assign: assignTo([port]) });
  }
  return plan;
}

/** In a service that was there before, each port has its own, and what it had it keeps. */
function planChanged(service: Service, old: Service): PlannedPort[] {
  const had = mayHaveNodePorts(old) ? nodePortsOf(old.spec) : new Set<number>();
  const plan: PlannedPort[] = [];
  const used = new Set<string>();
  const asked = new Set<number>();
  for (const [i, port] of (service.spec.ports ?? []).entries()) {
    const { nodePort, protocol = '' } = port;
    if (!nodePort) {
      if (needsNodePorts(service)) plan.push({ asked: undefined, at: nodePortPath(i), assign: assignTo([port]) });
      continue;
    }
    const key = `${protocol} ${nodePort}`;
    if (used.size === used.add(key).size) throw plainFailure(`duplicate nodePort: {${key}}`);
    if (!had.has(nodePort) && !asked.has(nodePort)) plan.push({ asked: nodePort, at: nodePortPath(i), assign: assignTo([port]) });
    asked.add(nodePort);
  }
  return plan;
}

function planHealthCheck({ spec }: Service): PlannedPort {
  const assign = (chosen: number) => {
    spec.healthCheckNodePort = chosen;
  };
  return { asked: spec.healthCheckNodePort || undefined, assign };
}

/** In the order in which they are taken. */
export function planNodePorts(service: Service, old: Service | undefined): PlannedPort[] {
  const ofPorts = old === undefined ? planNew : (service: Service) => planChanged(service, old);
  const becomesChecked = needsHealthCheckNodePort(service) && (old === undefined || !needsHealthCheckNodePort(old));
  return [...(mayHaveNodePorts(service) ? ofPorts(service) : []), ...(becomesChecked ? [planHealthCheck(service)] : [])];
}
