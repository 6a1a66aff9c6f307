import { duplicate, type FieldError, type FieldPath, invalidField, portName, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateEnumerated } from '../../validation/enumerated.js';
import { validatePortNumber } from '../../validation/port.js';

type Port = core.v1.ContainerPort;

const protocols = ['SCTP', 'TCP', 'UDP'];

function validateName(name: string, at: FieldPath, names: Set<string>): FieldError[] {
  const details = portName(name);
  if (details.length > 0) return details.map((detail) => invalidField(at, name, detail));
  if (names.has(name)) return [duplicate(at, name)];
  names.add(name);
  return [];
}

function validatePort({ name = '', containerPort = 0, hostPort = 0, protocol }: Port, at: FieldPath, names: Set<string>): FieldError[] {
  const portPath = at.child('containerPort');
  return [
    ...(name === '' ? [] : validateName(name, at.child('name'), names)),
    ...(containerPort === 0 ? [required(portPath)] : validatePortNumber(containerPort, portPath)),
    ...(hostPort === 0 ? [] : validatePortNumber(hostPort, at.child('hostPort'))),
    ...validateEnumerated(protocol, at.child('protocol'), protocols),
  ];
}

export function validatePorts(ports: readonly Port[] | undefined, at: FieldPath): FieldError[] {
  const names = new Set<string>();
  return validateEach(ports, at, (port, here) => validatePort(port, here, names));
}

interface WithPorts {
  readonly ports?: readonly Port[];
}

/** Containers that run side by side cannot all have the same port of their node. */
export function validateHostPorts(containers: readonly WithPorts[], at: FieldPath): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ protocol = '', hostIP = '', hostPort = 0 }, j) => {
      const port = `${protocol}/${hostIP}/${hostPort}`;
      if (hostPort === 0 || taken.size < taken.add(port).size) return [];
      return [duplicate(at.index(i).child('ports').index(j).child('hostPort'), port)];
    }),
  );
}

/** On the host's network a port of a container is that port of the host. In a template it may still be open. */
export function validateHostNetworkPorts(containers: readonly WithPorts[], at: FieldPath, ofPod: boolean): FieldError[] {
  return containers.flatMap(({ ports = [] }, i) =>
    ports.flatMap(({ containerPort, hostPort = 0 }, j) => {
      if (hostPort === containerPort || (hostPort === 0 && !ofPod)) return [];
      const here = at.index(i).child('ports').index(j).child('hostPort');
      return [invalidField(here, hostPort, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}
