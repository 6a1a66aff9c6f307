import { ApiClient } from '../golden/api-client.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { type Change, changed } from './change.js';
import type { Rule, RulesOfKind } from './rule.js';

/** What came of an object: nothing but its being accepted, or the whole refusal. */
export type Outcome = 'accepted' | Refusal;

export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly Cause[];
}

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

interface Named {
  readonly metadata: { readonly name: string };
}

interface Answer {
  readonly code: number;
  readonly object: Record<string, unknown>;
}

/** Through which subresource a field can only be written; '' when it is through none. */
function subresourceOf(path: string): string {
  if (path.startsWith('spec.ephemeralContainers')) return 'ephemeralcontainers';
  return path.startsWith('status.') ? 'status' : '';
}

/** Plays rules against a server. New objects are sent as dry runs; those to be changed are made, each with a name of its own. */
export class RulePlayer {
  readonly #client: ApiClient;
  readonly #authorization: string;
  #made = 0;

  constructor(server: RunningKeelson) {
    this.#client = new ApiClient(server, 1);
    this.#authorization = `Bearer ${server.adminToken}`;
  }

  close(): void {
    this.#client.close();
  }

  /** Makes what a kind's rules are about, besides objects of that kind. */
  async make(given: RulesOfKind['given'] = []): Promise<void> {
    for (const { collection, object } of given) {
      const made = this.#existing(await this.#request('POST', collection, object));
      if (!('status' in object)) continue;
      this.#existing(await this.#request('PUT', `${collection}/${made.metadata.name}/status`, { ...made, status: object.status }));
    }
  }

  /** What the server says to the example with a change, and the name of the object it was said of. */
  async outcome(kind: RulesOfKind, rule: Rule, change: Change): Promise<{ outcome: Outcome; name: string }> {
    const { code, object, name } = await this.#send(kind, rule, change);
    if (code < 300) return { outcome: 'accepted', name };
    const { reason = '', message, details } = object as { reason?: string; message: string; details?: { causes?: Cause[] } };
    return { outcome: { code, reason, message, causes: details?.causes ?? [] }, name };
  }

  async #send({ collection, example, named, madeIn }: RulesOfKind, rule: Rule, change: Change): Promise<Answer & { name: string }> {
    const { on = 'create', before = {} } = rule;
    const madeUp = this.#name();
    const whole = changed({ ...example, metadata: { name: madeUp, ...example.metadata } }, named?.(madeUp) ?? {}) as Named;
    if (on === 'create') {
      const object = changed(changed(whole, before), change) as Named;
      return { ...(await this.#request('POST', `${collection}?dryRun=All`, object)), name: object.metadata.name };
    }
    const made = await this.#make(madeIn ?? collection, whole, rule);
    const { name } = made.metadata;
    const [verb, subresource] = on.split('/');
    const path = [collection, name, ...(subresource === undefined ? [] : [subresource])].join('/');
    const answer =
      verb === 'create'
        ? await this.#request('POST', path, changed({ metadata: { name } }, change))
        : await this.#replace(path, madeIn !== undefined || subresource === 'scale' ? await this.#read(path) : made, change);
    return { ...answer, name };
  }

  /** Makes the object that is to be changed, part by part where parts are written on their own. */
  async #make(collection: string, example: Named, { before = {}, deleting = false }: Rule): Promise<Named> {
    const part = (subresource: string) => Object.entries(before).filter(([path]) => subresourceOf(path) === subresource);
    let made = this.#existing(await this.#request('POST', collection, changed(example, Object.fromEntries(part('')))));
    const at = `${collection}/${made.metadata.name}`;
    for (const subresource of new Set(Object.keys(before).map(subresourceOf))) {
      if (subresource === '') continue;
      made = this.#existing(await this.#request('PUT', `${at}/${subresource}`, changed(made, Object.fromEntries(part(subresource)))));
    }
    return deleting ? this.#existing(await this.#request('DELETE', at, {})) : made;
  }

  async #read(path: string): Promise<Named> {
    return this.#existing(await this.#request('GET', path));
  }

  /** Writes a changed object, on top of what controllers write meanwhile. */
  async #replace(path: string, object: object, change: Change): Promise<Answer> {
    const answer = await this.#request('PUT', path, changed(object, change));
    if (answer.object.reason !== 'Conflict') return answer;
    return this.#replace(path, await this.#read(path), change);
  }

  #existing({ code, object }: Answer): Named {
    if (code >= 300) throw new Error(`the object to be changed is refused: ${JSON.stringify(object)}`);
    return object as unknown as Named;
  }

  async #request(method: string, path: string, object?: object): Promise<Answer> {
    const headers = { Authorization: this.#authorization, 'Content-Type': 'application/json' };
    const sent = object === undefined ? {} : { body: Buffer.from(JSON.stringify(object)) };
    const { code, body } = await this.#client.send({ method, path, headers, ...sent });
    return { code, object: JSON.parse(code < 300 ? body.toString() : withoutUids(body.toString())) as Record<string, unknown> };
  }

  #name(): string {
    this.#made += 1;
    return `rule-${this.#made}`;
  }
}

/** What is said of an object, whichever UID it was given. */
function withoutUids(text: string): string {
  return text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '{uid}');
}
