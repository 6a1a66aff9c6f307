import type { IncomingMessage } from 'node:http';
import { askForUpgrade, type ForwardedHeaders, type UpgradeAnswer } from '@keelson/server';
import { type Destination, upgradeTo } from '../destinations/destination.js';

const PROTOCOL = 'SPDY/3.1';
/** Names the protocols that streams can speak, of which the answer names one. */
const VERSION_HEADER = 'x-stream-protocol-version';

export interface SpdyRequest {
  /** With its question mark, or empty. */
  readonly query: string;
  /** The one that is wanted most first. */
  readonly versions: readonly string[];
  readonly headers?: ForwardedHeaders;
  readonly signal: AbortSignal;
}

/** Asks a kubelet to leave HTTP for SPDY. */
export function askForSpdy(destination: Destination, { query, versions, headers, signal }: SpdyRequest): Promise<UpgradeAnswer> {
  const asked = { ...headers, connection: 'Upgrade', upgrade: PROTOCOL, [VERSION_HEADER]: [...versions] };
  return askForUpgrade(upgradeTo(destination, { method: 'POST', query, headers: asked, signal }));
}

export function isSpdy({ headers }: IncomingMessage): boolean {
  return /\bspdy\/3\.1\b/i.test(headers.upgrade ?? '') && /\bupgrade\b/i.test(headers.connection ?? '');
}

/** The protocol that the kubelet has chosen; empty when it names none. */
export function chosenVersion({ headers }: IncomingMessage): string {
  return String(headers[VERSION_HEADER] ?? '').trim();
}
