import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpLane } from './http-lane.js';
import { httpRequest } from './http-request.js';
import { everythingAtOnce, FETCHED, type RequestScenario, requestScenarios } from './request-scenarios.js';

/** What the parent asks of this program; answered with a `Load`. */
export type LoadOrder = { readonly scenario: string } & (
  | { readonly forMs: number }
  /** As fast as answers come, at least so many. */
  | { readonly atLeast: number }
  /** One at a time, so many per second. */
  | { readonly count: number; readonly perSecond: number }
);

export interface Load {
  readonly requests: number;
  readonly bytes: number;
  readonly elapsedMs: number;
}

const [address = '', token = ''] = process.argv.slice(2);
const url = new URL(address);

/** Asks one request; its answer's body bytes. Rejects on an unexpected status. */
type Asker = (index: number) => Promise<number>;

interface OpenScenario {
  readonly askers: readonly Asker[];
  close(): void;
}

let nextIndex = 0;
let open: { readonly name: string; readonly scenario: OpenScenario } | undefined;

async function openHttp1(scenario: RequestScenario): Promise<OpenScenario> {
  const lanes = await Promise.all(Array.from({ length: scenario.lanes }, () => HttpLane.open(url)));
  const fetched = await fetchAll(scenario, lanes[0] as HttpLane);
  const askers = lanes.map((lane) => async (index: number) => {
    const request = scenario.request(index, fetched);
    const { status, bytes, body } = await lane.ask(httpRequest({ ...request, token }), 300);
    if (status !== scenario.expected) throw new Error(`${request.method} ${request.path}: ${status} ${body}`);
    return bytes;
  });
  return { askers, close: () => lanes.forEach((lane) => void lane.close()) };
}

async function fetchAll({ fetch }: RequestScenario, lane: HttpLane): Promise<string[]> {
  const fetched: string[] = [];
  for (let i = 0; fetch !== undefined && i < FETCHED; i++) {
    const { body } = await lane.ask(httpRequest({ method: 'GET', path: fetch(i), token }), 1 << 20);
    fetched.push(body.toString().replace(/"resourceVersion":"\d+",/, ''));
  }
  return fetched;
}

async function openHttp2(scenario: RequestScenario): Promise<OpenScenario> {
  const session = connect(url, { rejectUnauthorized: false });
  await new Promise((resolve) => session.once('connect', resolve));
  const ask = (index: number) => {
    const { path, accept } = scenario.request(index, []);
    const stream = session.request({ ':path': path, accept: accept ?? 'application/json', authorization: `Bearer ${token}` });
    let bytes = 0;
    let status = 0;
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    return new Promise<number>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('close', () => (status === scenario.expected ? resolve(bytes) : reject(new Error(`${path}: ${status}`))));
    });
  };
  return { askers: Array.from({ length: scenario.lanes }, () => ask), close: () => session.destroy() };
}

async function opened(name: string): Promise<OpenScenario> {
  if (open?.name === name) return open.scenario;
  open?.scenario.close();
  const found = [...requestScenarios, everythingAtOnce].find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no such scenario: ${name}`);
  const scenario = await (found.protocol === 'h2' ? openHttp2(found) : openHttp1(found));
  open = { name, scenario };
  return scenario;
}

/**
 * One request on every lane, then all answers, and again: whether the client sleeps or not changes what a write costs
 * the server, so it must not depend on how fast the server is.
 */
async function waves({ askers }: OpenScenario, enough: (requests: number, elapsedMs: number) => boolean): Promise<Load> {
  const startedMs = performance.now();
  let requests = 0;
  let bytes = 0;
  do {
    const answers = await Promise.all(askers.map((ask) => ask(nextIndex++)));
    requests += answers.length;
    for (const length of answers) bytes += length;
  } while (!enough(requests, performance.now() - startedMs));
  return { requests, bytes, elapsedMs: performance.now() - startedMs };
}

async function paced({ askers: [ask] }: OpenScenario, count: number, perSecond: number): Promise<Load> {
  const startedMs = performance.now();
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    await sleep(Math.max(0, startedMs + (i * 1000) / perSecond - performance.now()));
    bytes += (await ask?.(nextIndex++)) ?? 0;
  }
  return { requests: count, bytes, elapsedMs: performance.now() - startedMs };
}

async function carryOut(order: LoadOrder): Promise<Load> {
  const scenario = await opened(order.scenario);
  if ('forMs' in order) return waves(scenario, (_requests, elapsedMs) => elapsedMs >= order.forMs);
  if ('atLeast' in order) return waves(scenario, (requests) => requests >= order.atLeast);
  return paced(scenario, order.count, order.perSecond);
}

process.on('message', (order: LoadOrder) => {
  carryOut(order).then(
    (load) => process.send?.({ load }),
    (error) => process.send?.({ error: String(error instanceof Error ? error.message : error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ load: undefined });
