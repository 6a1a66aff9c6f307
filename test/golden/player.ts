import { setTimeout as sleep } from 'node:timers/promises';
import { answerHead, jsonBody, normalizedAnswer, normalizedStored, normalizedWatch } from './answer.js';
import { ApiClient, type ApiRequest, type GoldenServer, type RawAnswer } from './api-client.js';
import { compareAnswers, type Difference } from './compare.js';
import { CreatedObjects } from './created-objects.js';
import { compact, readKey } from './etcd-gateway.js';
import type { Answer, GoldenCase, Step } from './golden-case.js';
import { valueAt } from './json-value.js';
import { Housekeeping } from './namespaces.js';
import { Normalizer } from './normalizer.js';
import { requestBody } from './request-body.js';
import { newToken, Variables } from './variables.js';
import { readWatch } from './watch-reader.js';

/** A compared step whose answer is not the recorded one. */
export interface StepFailure {
  readonly step: number;
  readonly request: string;
  readonly differences: readonly Difference[];
}

export interface CaseResult {
  readonly id: string;
  readonly area: string;
  readonly failures: readonly StepFailure[];
  /** True when every compared step has the recorded status code. */
  readonly codesEqual: boolean;
  readonly seconds: number;
}

const pollEveryMs = 100;

/** Plays recorded cases against one server. */
export class Player {
  readonly #server: GoldenServer;
  readonly #client: ApiClient;
  readonly #housekeeping: Housekeeping;
  /** Answers that may be reused between cases, by request. */
  readonly #reusable = new Map<string, Promise<RawAnswer>>();

  constructor(server: GoldenServer, connections = 8) {
    this.#server = server;
    this.#client = new ApiClient(server, connections);
    this.#housekeeping = new Housekeeping(this.#client, server.adminToken);
  }

  /** False for a case that looks into an etcd when none is known. */
  canPlay({ needs }: GoldenCase): boolean {
    return needs !== 'store' || this.#server.etcd !== undefined;
  }

  async play(goldenCase: GoldenCase): Promise<CaseResult> {
    const startedMs = performance.now();
    const namespace = await this.#namespaceFor(goldenCase);
    const play = new CasePlay(this.#server, this.#client, namespace, this.#reusable);
    const failures: StepFailure[] = [];
    for (const [index, step] of goldenCase.steps.entries()) {
      const failure = await playStep(play, step, index, goldenCase.expect[index] ?? null);
      if (failure !== undefined) failures.push(failure);
    }
    await this.#cleanUp(goldenCase, play, namespace);
    const codesEqual = !failures.some(({ differences }) => differences.some(({ path }) => path === 'code' || path === 'answer'));
    const { id, area } = goldenCase;
    return { id, area, failures, codesEqual, seconds: (performance.now() - startedMs) / 1000 };
  }

  async close(): Promise<void> {
    await this.#housekeeping.close();
    this.#client.close();
  }

  async #namespaceFor({ ns, nsLabels }: GoldenCase): Promise<string | undefined> {
    if (ns === 'own') return this.#housekeeping.createNamespace(nsLabels ?? {});
    return ns === 'shared' ? this.#housekeeping.sharedNamespace() : undefined;
  }

  async #cleanUp({ ns, cleanup }: GoldenCase, play: CasePlay, namespace: string | undefined): Promise<void> {
    for (const step of cleanup ?? []) await play.send(step);
    for (const path of play.created.inReverse()) await this.#housekeeping.deleteObject(path);
    if (ns === 'own' && namespace !== undefined) await this.#housekeeping.deleteNamespace(namespace);
  }
}

async function playStep(play: CasePlay, step: Step, index: number, expected: Answer | null): Promise<StepFailure | undefined> {
  const compared = expected !== null && step.cmp !== 'none';
  const differences = await play.step(step, compared).then(
    (answer) => (compared && answer !== undefined ? compareAnswers(expected, answer, step.cmp) : []),
    (error: unknown): Difference[] => [{ path: 'answer', expected: compared ? 'one' : 'any', got: String(error) }],
  );
  return differences.length === 0 ? undefined : { step: index, request: play.shownRequest(step), differences };
}

/** The state of one play of one case. */
class CasePlay {
  readonly created = new CreatedObjects();
  readonly #server: GoldenServer;
  readonly #client: ApiClient;
  readonly #variables: Variables;
  readonly #normalizer = new Normalizer();
  readonly #reusable: Map<string, Promise<RawAnswer>>;
  readonly #bodies = new Map<string, Buffer>();
  readonly #watches = new Map<string, Promise<Answer>>();

  constructor(server: GoldenServer, client: ApiClient, namespace: string | undefined, reusable: Map<string, Promise<RawAnswer>>) {
    this.#server = server;
    this.#client = client;
    this.#reusable = reusable;
    this.#variables = new Variables(newToken(), namespace, server.aliceToken);
  }

  /** Plays one step. Gives its normalized answer when that is `compared`. */
  async step(step: Step, compared: boolean): Promise<Answer | undefined> {
    if (step.sleep !== undefined) await sleep(step.sleep * 1000);
    if (step.etcd !== undefined) return this.#stored(step, step.etcd);
    if (step.compact !== undefined) return this.#compact(step.compact);
    if (step.collect !== undefined) return this.#watches.get(step.collect);
    if (step.do === undefined) return undefined;
    if (step.watch !== undefined) return this.#watch(step);
    const raw = await this.send(step);
    this.#save(step, raw);
    return compared ? this.#read(raw, step) : undefined;
  }

  /** The request of a step, for people to read and repeat. */
  shownRequest({ do: method, path, etcd, type, as, accept }: Step): string {
    if (etcd !== undefined) return `etcd ${etcd}`;
    return [as, method, path, type, accept].filter((part) => part !== undefined && part !== '').join(' ');
  }

  async send(step: Step): Promise<RawAnswer> {
    if (step.cache === true) return this.#sendOnce(step);
    const apiRequest = this.#request(step);
    const answer = step.poll === undefined ? await this.#client.send(apiRequest) : await this.#poll(apiRequest, step.poll);
    this.created.note(apiRequest, answer);
    if (step.poll !== undefined) for (const path of this.created.definitions) await this.#settled(path, step.poll.seconds);
    return answer;
  }

  /**
   * Servers serve a custom resource a write before they say that it is established. Who waited for its objects when this was
   * recorded had that write behind them; it must not come between the steps that follow.
   */
  async #settled(path: string, seconds: number): Promise<void> {
    const endMs = performance.now() + seconds * 1000;
    const read = this.#request({ do: 'GET', path });
    while (isInstalling(await this.#client.send(read)) && performance.now() < endMs) await sleep(pollEveryMs);
  }

  #sendOnce(step: Step): Promise<RawAnswer> {
    const key = JSON.stringify([step.as, step.do, step.path, step.accept, step.headers]);
    const sent = this.#reusable.get(key) ?? this.#client.send(this.#request(step));
    this.#reusable.set(key, sent);
    return sent;
  }

  #request(step: Step): ApiRequest {
    const body = requestBody(step, this.#variables, this.#bodies);
    const path = this.#variables.substitute(step.path ?? '/');
    this.#normalizer.noteRequest(`${path}\n${body?.toString() ?? ''}`);
    return { method: step.do ?? 'GET', path, headers: this.#headers(step, body !== undefined), body };
  }

  #headers(step: Step, hasBody: boolean): Record<string, string> {
    const token = this.#token(step.as ?? 'admin');
    const headers: Record<string, string | null> = {
      Accept: step.accept ?? 'application/json',
      'User-Agent': 'client/1.0',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(hasBody && { 'Content-Type': step.type ?? 'application/json' }),
      ...step.headers,
    };
    const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
    return Object.fromEntries(sent.map(([name, value]) => [name, this.#variables.substitute(value)]));
  }

  #token(as: NonNullable<Step['as']>): string | undefined {
    return { admin: this.#server.adminToken, alice: this.#server.aliceToken, invalid: 'nobody-has-this-token', anon: undefined }[as];
  }

  async #poll(apiRequest: ApiRequest, poll: NonNullable<Step['poll']>): Promise<RawAnswer> {
    const endMs = performance.now() + poll.seconds * 1000;
    for (;;) {
      const answer = await this.#client.send(apiRequest);
      if (isAwaited(answer, poll) || performance.now() > endMs) return answer;
      await sleep(pollEveryMs);
    }
  }

  #save({ id, save }: Step, raw: RawAnswer): void {
    if (id !== undefined) this.#bodies.set(id, raw.body);
    if (save === undefined) return;
    const body = jsonBody(raw);
    for (const [name, path] of Object.entries(save)) this.#variables.save(name, String(valueAt(body, path) ?? ''));
  }

  #read(raw: RawAnswer, step: Step): Answer {
    const reading = { variables: this.#variables, normalizer: this.#normalizer };
    const headOnly = step.cmp === 'code' || step.cmp === 'head' || (step.cmp === 'error' && raw.code < 300);
    return headOnly ? answerHead(raw, reading) : normalizedAnswer(raw, step, reading);
  }

  async #watch(step: Step): Promise<Answer | undefined> {
    const watched = this.#readWatch(step);
    if (step.watch?.start === undefined) return watched;
    // Whoever collects the answer gets the error too.
    watched.catch(() => undefined);
    this.#watches.set(step.watch.start, watched);
    return undefined;
  }

  async #readWatch(step: Step): Promise<Answer> {
    const { answer, events, ended } = await readWatch(this.#client, this.#request(step), step.watch ?? {});
    if (answer.code !== 200) return this.#read(answer, step);
    return normalizedWatch(answer, events, ended, step, { variables: this.#variables, normalizer: this.#normalizer });
  }

  async #stored(step: Step, key: string): Promise<Answer> {
    const stored = await readKey(this.#etcd(), this.#variables.substitute(key));
    return normalizedStored(stored, step, { variables: this.#variables, normalizer: this.#normalizer });
  }

  async #compact(revision: string): Promise<undefined> {
    await compact(this.#etcd(), this.#variables.substitute(revision));
  }

  #etcd(): NonNullable<GoldenServer['etcd']> {
    if (this.#server.etcd === undefined) throw new Error('the case needs the address of etcd');
    return this.#server.etcd;
  }
}

function isInstalling(answer: RawAnswer): boolean {
  if (answer.code !== 200) return false;
  const conditions = valueAt(jsonBody(answer), 'status.conditions');
  const established = Array.isArray(conditions)
    ? (conditions as { type?: string; reason?: string }[]).find(({ type }) => type === 'Established')
    : undefined;
  return established === undefined || established.reason === 'Installing';
}

function isAwaited(answer: RawAnswer, { code, path, value, text }: NonNullable<Step['poll']>): boolean {
  if (code !== undefined && answer.code !== code) return false;
  if (text !== undefined && !answer.body.includes(text)) return false;
  if (path === undefined) return true;
  const found = valueAt(jsonBody(answer), path);
  return value === null || value === undefined ? found !== undefined : found === value;
}
