import { hostname, networkInterfaces } from 'node:os';
import type { Backend } from '../registration/service-objects.js';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Where a process outside of the cluster's pods is reached: as a neighbour of its server, or by this machine's address. */
export function defaultBackend(server: string, port: number): Backend {
  if (LOOPBACK.test(new URL(server).hostname)) return { host: 'localhost', port };
  return { host: firstAddress(), port };
}

function firstAddress(): string {
  const found = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.internal === false && entry.family === 'IPv4')?.address;
  if (found === undefined) throw new Error(`${hostname()} has no address that others could reach: name one as "backend"`);
  return found;
}
