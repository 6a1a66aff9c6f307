import { type FieldPath, quote } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { containersOf } from '../validation/each-container.js';

interface PlacedPort {
  readonly port: core.v1.ContainerPort;
  readonly at: FieldPath;
}

function portsOf(spec: core.v1.PodSpec, at: FieldPath): PlacedPort[] {
  return containersOf(spec, at).flatMap(([{ ports = [] }, here]) => ports.map((port, i) => ({ port, at: here.child('ports').index(i) })));
}

/** The fields as they follow each other inside Kubernetes, whose message shows them bare. */
function shown({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: core.v1.ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

/** How the ports get in each other's way, which have number and protocol in common. */
function clash({ hostPort: a = 0, hostIP: aIp = '' }: core.v1.ContainerPort, { hostPort: b = 0, hostIP: bIp = '' }: core.v1.ContainerPort) {
  if (a === b && aIp === bIp) return 'duplicate';
  if (a === 0 || b === 0) return 'overlapping';
  return a === b && (aIp === '') !== (bIp === '') ? 'dangerously ambiguous' : undefined;
}

function clashes({ port, at }: PlacedPort, earlier: readonly PlacedPort[]): string[] {
  return earlier.flatMap((other) => {
    if (other.port.containerPort !== port.containerPort || other.port.protocol !== port.protocol) return [];
    const how = clash(port, other.port);
    return how === undefined ? [] : [`${at}: ${how} port definition with ${other.at}`];
  });
}

function nameWarnings(ports: readonly PlacedPort[]): string[] {
  const first = new Map<string, FieldPath>();
  return ports.flatMap(({ port: { name = '' }, at }) => {
    const other = first.get(name);
    if (name === '') return [];
    if (other === undefined) first.set(name, at);
    if (other === undefined) return [];
    return [`${at}: duplicate port name ${quote(name)} with ${other}, services and probes that select ports by name will use ${other}`];
  });
}

/** All containers of a pod share its addresses. `at` is the place of the spec. */
export function portWarnings(spec: core.v1.PodSpec, at: FieldPath): string[] {
  const ports = portsOf(spec, at);
  return [
    ...ports.flatMap((placed, i) => [
      ...(placed.port.hostIP && !placed.port.hostPort ? [`${placed.at}: hostIP set without hostPort: ${shown(placed.port)}`] : []),
      ...clashes(placed, ports.slice(0, i)),
    ]),
    ...nameWarnings(ports),
  ];
}
