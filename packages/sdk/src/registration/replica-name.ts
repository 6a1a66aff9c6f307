import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { ServiceReference } from './service-reference.js';

/** Names the process behind a port of this machine among others: always the same, so that it finds what it has left behind. */
export function replicaAt(port: number): string {
  return createHash('sha256').update(`${hostname()}:${port}`).digest('hex').slice(0, 10);
}

/** Of the objects that are about one replica of a service. */
export function replicaName({ name }: ServiceReference, replica: string): string {
  return `${name}-${replica}`;
}

/** On all of them. */
export function serviceLabel({ name }: ServiceReference): Record<string, string> {
  return { 'kubernetes.io/service-name': name };
}
