import { type Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { authorityOf, dialAddressOf, proxyCredentials } from '@keelson/machinery';
import type { ForwardedHeaders } from '@keelson/server';

/** How a destination is reached. */
export interface Ways {
  /** For what becomes something else than HTTP: straight. */
  readonly upgrades: Agent;
  /** For all else: by way of the proxy that the environment names. */
  readonly requests: Agent;
  /** Set where that proxy is not asked to connect, but for what is wanted. */
  readonly proxy?: URL;
}

/** Where a connection goes. */
export interface Destination {
  /** False: plain HTTP. */
  readonly secure: boolean;
  readonly ways: Ways;
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
export function requestTo(destination: Destination, asked: OutgoingRequest): ClientRequest {
  const { requests, proxy } = destination.ways;
  return proxy === undefined ? begun(destination, requests, asked) : requestVia(proxy, destination, asked);
}

/** The same of one that wants to leave HTTP. */
export function upgradeTo(destination: Destination, asked: OutgoingRequest): ClientRequest {
  return begun(destination, destination.ways.upgrades, asked);
}

function begun(destination: Destination, agent: Agent, { query, ...options }: OutgoingRequest): ClientRequest {
  const { secure, host, port } = destination;
  const target = { ...options, host, port, agent, path: pathOf(destination, query) };
  return secure ? httpsRequest(target) : httpRequest(target);
}

/** The URL has the name under which the client asked, as kube-apiserver's has. */
function requestVia(proxy: URL, destination: Destination, { query, headers, ...options }: OutgoingRequest): ClientRequest {
  const path = `http://${headers.host}${pathOf(destination, query)}`;
  const agent = destination.ways.requests;
  const target = { ...options, ...dialAddressOf(proxy), agent, path, headers: { ...headers, ...proxyCredentials(proxy) } };
  return proxy.protocol === 'https:' ? httpsRequest(target) : httpRequest(target);
}

function pathOf({ path }: Destination, query: string): string {
  return `${path === '' ? '/' : path}${query}`;
}

export function urlOf(destination: Destination, query: string): string {
  return `${destination.secure ? 'https' : 'http'}://${authorityOf(destination)}${destination.path}${query}`;
}
