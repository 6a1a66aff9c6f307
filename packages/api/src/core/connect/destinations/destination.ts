import { type Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { authorityOf } from '@keelson/machinery';
import type { ForwardedHeaders } from '@keelson/server';

/** Where a connection goes. */
export interface Destination {
  /** False: plain HTTP. */
  readonly secure: boolean;
  readonly agent: Agent;
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

/** A request to it, which its caller ends. */
export function requestTo({ secure, agent, host, port, path }: Destination, { query, ...options }: OutgoingRequest): ClientRequest {
  const target = { ...options, host, port, agent, path: `${path === '' ? '/' : path}${query}` };
  return secure ? httpsRequest(target) : httpRequest(target);
}

export function urlOf(destination: Destination, query: string): string {
  return `${destination.secure ? 'https' : 'http'}://${authorityOf(destination)}${destination.path}${query}`;
}
