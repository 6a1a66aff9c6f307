import type { UserInfo } from '@keelson/machinery';
import type { RequestInfo } from '../../filters/request-info.js';
import type { InfoCheck } from './compile-schema.js';
import type { FlowSchema, Hand } from './flow-schema.js';

/** What one schema takes of one user's requests, and where they wait. */
export class UserFlow {
  readonly schema: FlowSchema;
  readonly matches: InfoCheck;
  readonly #user: UserInfo;
  /** Where all of them are one flow. */
  #hand: Hand | undefined;

  constructor(schema: FlowSchema, user: UserInfo, matches: InfoCheck) {
    this.schema = schema;
    this.matches = matches;
    this.#user = user;
  }

  hand(info: RequestInfo): Hand {
    if (this.schema.flowsBy === 'ByNamespace') return this.schema.hand(info.namespace);
    this.#hand ??= this.schema.hand(this.schema.flowOf(info, this.#user));
    return this.#hand;
  }
}
