import { type FieldPath, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { nodePortsOf } from './allocated-values.js';
import { mayHaveNodePorts, needsHealthCheckNodePort, needsNodePorts } from './service-traits.js';

type Service = core.v1.Service;
type ServicePort = core.v1.ServicePort;

/** What ports a write of a service has to take. */
export interface NodePortPlan {
  /** Ports that are asked for by number; `at` is absent for the health check port. */
  readonly named: readonly { readonly port: number; readonly at?: FieldPath }[];
  /** Receivers of ports that may be any. */
  readonly any: readonly ((port: number) => void)[];
}

const portsPath = path('spec', 'ports');

interface Draft {
  readonly named: { port: number; at?: FieldPath }[];
  readonly any: ((port: number) => void)[];
}

/** In a new service, ports of one number and several protocols share their node port. */
function planNew(service: Service, draft: Draft): void {
  const byNumber = new Map<number, [index: number, port: ServicePort][]>();
  for (const [i, port] of (service.spec.ports ?? []).entries()) byNumber.set(port.port, [...(byNumber.get(port.port) ?? []), [i, port]]);
  for (const members of byNumber.values()) planShared(members, needsNodePorts(service), draft);
}

function planShared(members: readonly (readonly [index: number, port: ServicePort])[], needed: boolean, draft: Draft): void {
  const asked = new Set<number>();
  for (const [i, { nodePort }] of members) {
    if (!nodePort || asked.has(nodePort)) continue;
    asked.add(nodePort);
    draft.named.push({ port: nodePort, at: portsPath.index(i).child('nodePort') });
  }
  const [shared] = asked;
  const open = members.map(([, port]) => port).filter(({ nodePort }) => !nodePort);
  if (!needed || open.length === 0) return;
  const assign = (nodePort: number) => {
    for (const port of open) port.nodePort = nodePort;
  };
  if (shared === undefined) draft.any.push(assign);
  else assign(shared);
}

/** In a service that was there before, each port has its own, and what it had it keeps. */
function planChanged(service: Service, old: Service, draft: Draft): void {
  const had = mayHaveNodePorts(old) ? nodePortsOf(old.spec) : new Set<number>();
  const asked = new Set<number>();
  for (const [i, port] of (service.spec.ports ?? []).entries()) {
    const { nodePort } = port;
    if (nodePort && !had.has(nodePort) && !asked.has(nodePort)) {
      asked.add(nodePort);
      draft.named.push({ port: nodePort, at: portsPath.index(i).child('nodePort') });
    } else if (!nodePort && needsNodePorts(service)) {
      draft.any.push((chosen) => {
        port.nodePort = chosen;
      });
    }
  }
}

function planHealthCheck(service: Service, old: Service | undefined, draft: Draft): void {
  const { spec } = service;
  if (!needsHealthCheckNodePort(service) || (old !== undefined && needsHealthCheckNodePort(old))) return;
  if (spec.healthCheckNodePort) draft.named.push({ port: spec.healthCheckNodePort });
  else
    draft.any.push((port) => {
      spec.healthCheckNodePort = port;
    });
}

export function planNodePorts(service: Service, old: Service | undefined): NodePortPlan {
  const draft: Draft = { named: [], any: [] };
  if (mayHaveNodePorts(service)) {
    if (old === undefined) planNew(service, draft);
    else planChanged(service, old, draft);
  }
  planHealthCheck(service, old, draft);
  return draft;
}
