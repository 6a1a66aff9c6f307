import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteServer } from '@keelson/machinery';
import type { AuditEvent } from '../audit-event.js';
import type { AuditOutput } from './audit-output.js';

export interface WebhookOutputOptions {
  /** `--audit-webhook-initial-backoff`: wait before a batch is sent again; each further one is half as long again. */
  readonly initialBackoffMs: number;
}

const ATTEMPTS = 5;
const BACKOFF_FACTOR = 1.5;
const JITTER = 0.2;
const ATTEMPT_MS = 30_000;

const HEAD = Buffer.from('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[');
const COMMA = Buffer.from(',');
const TAIL = Buffer.from(']}\n');

/** `--audit-webhook-config-file`: batches are posted as EventLists, again when that fails in whatever way. */
export class WebhookOutput implements AuditOutput {
  readonly name = 'webhook';
  readonly #server: RemoteServer;
  readonly #initialBackoffMs: number;
  readonly #closing = new AbortController();

  constructor(server: RemoteServer, { initialBackoffMs }: WebhookOutputOptions) {
    this.#server = server;
    this.#initialBackoffMs = initialBackoffMs;
    // One for each batch under way.
    setMaxListeners(0, this.#closing.signal);
  }

  record(event: AuditEvent): Buffer {
    return event.body;
  }

  async write(records: readonly Buffer[]): Promise<void> {
    const body = Buffer.concat([HEAD, ...records.flatMap((record, at) => (at === 0 ? [record] : [COMMA, record])), TAIL]);
    const { signal } = this.#closing;
    for (let attempt = 1, backoffMs = this.#initialBackoffMs; ; attempt++, backoffMs *= BACKOFF_FACTOR) {
      try {
        return await this.#post(body);
      } catch (error) {
        if (attempt === ATTEMPTS || signal.aborted) throw error;
      }
      await sleep(backoffMs * (1 + JITTER * Math.random()), undefined, { signal });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#server.close();
  }

  async #post(body: Buffer): Promise<void> {
    const { code } = await this.#server.send({
      body,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, */*' },
      timeoutMs: ATTEMPT_MS,
      signal: this.#closing.signal,
    });
    if (code < 200 || code > 206) throw new Error(`the server answered ${code}`);
  }
}
