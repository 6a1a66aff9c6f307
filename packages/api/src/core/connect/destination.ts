import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ForwardedHeaders } from '@keelson/server';

/** Where a connection goes. */
export interface Destination {
  /** Absent: plain HTTP. */
  readonly secure?: HttpsAgent;
  readonly host: string;
  readonly port: number;
  /** Without query. */
  readonly path: string;
}

export interface OutgoingRequest {
  readonly method: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly headers: ForwardedHeaders;
  readonly signal: AbortSignal;
}

const plain = new HttpAgent({ keepAlive: true });

/** Connections to what runs in the cluster: nobody vouches for its certificates. */
export const unverified = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });

/** A request to it, which its caller ends. */
export function requestTo({ secure, host, port, path }: Destination, { query, ...options }: OutgoingRequest): ClientRequest {
  const target = { ...options, host, port, path: `${path === '' ? '/' : path}${query}` };
  return secure === undefined ? httpRequest({ ...target, agent: plain }) : httpsRequest({ ...target, agent: secure });
}

/** `[::1]:80` */
export function hostPort({ host, port }: Pick<Destination, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function urlOf(destination: Destination, query: string): string {
  return `${destination.secure === undefined ? 'http' : 'https'}://${hostPort(destination)}${destination.path}${query}`;
}
