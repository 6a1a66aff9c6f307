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
  readonly field: string;
}

interface Named {
  readonly metadata: { readonly name: string };
}

interface Answer {
  readonly code: number;
  readonly object: Record<string, unknown>;
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

  /** What the server says to the example with a change, and the name of the object it was said of. */
  async outcome(kind: RulesOfKind, rule: Rule, change: Change): Promise<{ outcome: Outcome; name: string }> {
    const { code, object, name } = await this.#send(kind, rule, change);
    if (code < 300) return { outcome: 'accepted', name };
    const { reason, message, details } = object as { reason: string; message: string; details?: { causes?: Cause[] } };
    return { outcome: { code, reason, message, causes: details?.causes ?? [] }, name };
  }

  async #send(
    { collection, example }: RulesOfKind,
    { on = 'create', before = {} }: Rule,
    change: Change,
  ): Promise<Answer & { name: string }> {
    const [verb, subresource] = on.split('/');
    const given = changed({ ...example, metadata: { name: this.#name(), ...example.metadata } }, before) as Named;
    const suffix = subresource === undefined ? '' : `/${subresource}`;
    if (on === 'create') {
      const object = changed(given, change) as Named;
      return { ...(await this.#request('POST', `${collection}?dryRun=All`, object)), name: object.metadata.name };
    }
    const { name } = given.metadata;
    const made = await this.#make(collection, given, before);
    const path = `${collection}/${name}${suffix}`;
    const answer =
      verb === 'create' ? await this.#request('POST', path, changed({}, change)) : await this.#request('PUT', path, changed(made, change));
    return { ...answer, name };
  }

  /** Makes the object that is to be changed, with its status if it is given one. */
  async #make(collection: string, given: Named, before: Change): Promise<object> {
    const made = this.#existing(await this.#request('POST', collection, given));
    const status = Object.entries(before).filter(([path]) => path.startsWith('status.'));
    if (status.length === 0) return made;
    const reported = changed(made, Object.fromEntries(status));
    return this.#existing(await this.#request('PUT', `${collection}/${given.metadata.name}/status`, reported));
  }

  #existing({ code, object }: Answer): object {
    if (code >= 300) throw new Error(`the object to be changed is refused: ${JSON.stringify(object)}`);
    return object;
  }

  async #request(method: string, path: string, object: object): Promise<Answer> {
    const headers = { Authorization: this.#authorization, 'Content-Type': 'application/json' };
    const { code, body } = await this.#client.send({ method, path, headers, body: Buffer.from(JSON.stringify(object)) });
    return { code, object: JSON.parse(body.toString()) as Record<string, unknown> };
  }

  #name(): string {
    this.#made += 1;
    return `rule-${this.#made}`;
  }
}
