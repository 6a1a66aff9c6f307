import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { definitionOf, pluralOf } from './definition-fixture.js';
import { median } from './measure-requests.js';
import { cpuMicroseconds, rssMegabytes } from './process-usage.js';
import type { Result } from './result.js';
import { type ServerUnderTest, TOKEN } from './server-under-test.js';

const DEFINITIONS = 1000;
/** Created one after the other beside all the others. */
const MORE = 15;
const DISCOVERIES = 20;
const WRITERS = 8;
const POLL_MS = 2;
/** For the garbage of the writes to go. */
const IDLE_MS = 5000;
const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What many custom resources cost a server that has none yet, as one client over kept connections sees it. */
export async function measureDefinitions(server: ServerUnderTest, report: (result: Result) => void): Promise<void> {
  const client = new DefinitionClient(server);
  try {
    await client.discovery();
    await sleep(IDLE_MS);
    const emptyMegabytes = rssMegabytes(server.pid);
    report({ scenario: 'definitions-establish', unit: 's', value: (await client.createAll(DEFINITIONS)) / 1000, aim: 60 });
    await sleep(IDLE_MS);
    const kilobytes = ((rssMegabytes(server.pid) - emptyMegabytes) * 1024) / DEFINITIONS;
    report({ scenario: 'definitions-memory', unit: 'KB', value: kilobytes, aim: 200, note: 'each' });
    const discoveries = await inTurn(DISCOVERIES, () => client.discovery());
    report({ scenario: 'definitions-discovery', unit: 'ms', value: median(discoveries.map(({ ms }) => ms)), aim: 50 });
    const cpuBefore = cpuMicroseconds(server.pid);
    const shown = await inTurn(MORE, (i) => client.createAndSee(DEFINITIONS + i));
    const cpuMs = (cpuMicroseconds(server.pid) - cpuBefore) / 1000 / MORE;
    report({ scenario: 'definitions-shown', unit: 'ms', value: median(shown), aim: 100, note: `${cpuMs.toFixed(1)} ms of CPU` });
  } finally {
    client.close();
  }
}

async function inTurn<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await work(i));
  return results;
}

class DefinitionClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: WRITERS, rejectUnauthorized: false });
  readonly #server: ServerUnderTest;
  /** Entity tag of what discovery told last. */
  #tag = '';

  constructor(server: ServerUnderTest) {
    this.#server = server;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Milliseconds until discovery tells of all of them. */
  async createAll(count: number): Promise<number> {
    const startedMs = performance.now();
    let next = 0;
    const write = async () => {
      while (next < count) await this.#create(next++);
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    while (!(await this.#shows(count))) await sleep(POLL_MS * 50);
    return performance.now() - startedMs;
  }

  /** Milliseconds from the request for a new one to the answer of discovery that has it. */
  async createAndSee(index: number): Promise<number> {
    const startedMs = performance.now();
    await this.#create(index);
    while (!(await this.#changedDiscovery()).includes(`"${pluralOf(index)}"`)) await sleep(POLL_MS);
    return performance.now() - startedMs;
  }

  /** As clients do that keep what they were told last: '' where that still holds. */
  #changedDiscovery(): Promise<string> {
    return this.#ask('GET', '/apis', undefined, { Accept: AGGREGATED, 'If-None-Match': this.#tag });
  }

  async discovery(): Promise<{ readonly text: string; readonly ms: number }> {
    const startedMs = performance.now();
    const text = await this.#ask('GET', '/apis', undefined, { Accept: AGGREGATED });
    return { text, ms: performance.now() - startedMs };
  }

  async #shows(count: number): Promise<boolean> {
    return ((await this.discovery()).text.match(/"resource":"bench/g) ?? []).length >= count;
  }

  async #create(index: number): Promise<void> {
    await this.#ask('POST', PATH, definitionOf(index));
  }

  /** Rejects unless the status is good, or what the client has is. */
  #ask(method: string, path: string, body?: object, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const headers = { Authorization: `Bearer ${TOKEN}`, ...(body && { 'Content-Type': 'application/json' }), ...more };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.#server.url), { method, headers, agent: this.#agent }, (response) => {
        response.toArray().then((parts) => {
          const text = Buffer.concat(parts).toString();
          this.#tag = response.headers.etag ?? this.#tag;
          if ((response.statusCode ?? 0) < 300 || response.statusCode === 304) resolve(text);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`));
        }, reject);
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }
}
