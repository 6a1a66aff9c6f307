import { KIND_NAMES, Kind, type Token } from './tokens.js';

export type Kinds = ReadonlySet<Kind>;

/** A point in a rule of the grammar, by what may come there. */
export interface Place {
  readonly next: Kinds;
  /** The rule may also end here, so that whatever may follow the rule may come as well. */
  readonly ends: boolean;
}

export function place(next: Iterable<Kind>, ends = false): Place {
  return { next: new Set(next), ends };
}

/** A place where one kind of token must come, and what may come behind it. */
export interface TokenPlace extends Place {
  readonly kind: Kind;
  readonly after: Place;
}

export function tokenPlace(kind: Kind, after: Place): TokenPlace {
  return { kind, after, next: new Set([kind]), ends: false };
}

/** Unwinds to the innermost rule, which skips to a token from which the rules around it can go on. */
class Mismatch {
  constructor(
    readonly message: string,
    readonly token: Token,
  ) {}
}

/** Ends parsing at once. Without a message everything has been reported. */
export class ParsingStopped {
  constructor(readonly message?: string) {}
}

const NOWHERE = place([]);
const MAX_ERRORS = 100;
const MAX_RECOVERIES = 30;
const MAX_SKIPPED_BY_RECOVERY = 256;
const MAX_DEPTH = 250;

/**
 * The part of a recursive-descent parser that deals with errors. It reports, deletes, inserts and skips tokens exactly as
 * parsers made by ANTLR 4 do with their default error strategy, because the texts that result are what users know.
 */
export class Recognizer {
  protected readonly tokens: readonly Token[];
  protected index = 0;
  /** After an error nothing is reported until a token matches again. */
  #recovering = false;
  #recoveries = 0;
  #errors = 0;
  #lastErrorIndex = -1;
  #lastErrorPlaces = new Set<Place>();
  /** The rules being parsed, each as the place behind it in the rule that called it. */
  readonly #callers: Place[] = [];
  readonly #depths = new Map<string, number>();
  #place: Place = NOWHERE;

  constructor(
    tokens: readonly Token[],
    private readonly report: (message: string, offset: number) => void,
  ) {
    this.tokens = tokens;
  }

  protected look(ahead = 0): Kind {
    return (this.tokens[this.index + ahead] ?? this.#end).kind;
  }

  protected get token(): Token {
    return this.tokens[this.index] ?? this.#end;
  }

  get #end(): Token {
    return this.tokens[this.tokens.length - 1] as Token;
  }

  /** Begins a rule whose call is followed by `follow`. Returns where it begins; `leave` must follow in any case. */
  protected enter(rule: string, follow: Place): number {
    const depth = (this.#depths.get(rule) ?? 0) + 1;
    this.#depths.set(rule, depth);
    this.#callers.push(follow);
    if (depth > MAX_DEPTH) throw new ParsingStopped(`expression recursion limit exceeded: ${MAX_DEPTH}`);
    return this.token.at;
  }

  protected leave(rule: string): void {
    this.#callers.pop();
    this.#depths.set(rule, (this.#depths.get(rule) as number) - 1);
  }

  /** Ends a rule that something went wrong in: reports it, and skips to where the rules around it can go on. */
  protected abandon(error: unknown): void {
    if (!(error instanceof Mismatch)) throw error;
    if (!this.#recovering) {
      this.#recovering = true;
      this.#notify(error.message, error.token);
    }
    this.#recover();
  }

  /** Takes the token of a place. Returns undefined for one that was missing. */
  protected match(here: TokenPlace): Token | undefined {
    this.#place = here;
    return this.look() === here.kind ? this.take() : this.#recoverInline(here.after);
  }

  /** Takes a token that is known to be right. */
  protected take(): Token {
    this.#resume();
    const token = this.token;
    this.#consume();
    return token;
  }

  /** Before a choice: drops one token too many, or gives the rule up, when nothing that may come here comes. */
  protected sync(here: Place): void {
    this.#place = here;
    if (this.#recovering || here.ends || here.next.has(this.look())) return;
    if (this.#deleteOne()) return;
    throw this.#mismatch();
  }

  /** Before one more turn of a loop of at least one: skips what can neither go on nor follow. */
  protected syncLoop(here: Place): void {
    this.#place = here;
    if (this.#recovering || here.next.has(this.look())) return;
    this.#reportUnwanted();
    this.#skipUntil(new Set([...this.#expected(), ...this.#recoverySet()]));
  }

  /** At a choice that may look further than one token: none fits what comes up to and with the token `ahead`. */
  protected noAlternative(here: Place, ahead = 0): Mismatch {
    this.#place = here;
    const last = this.tokens[this.index + ahead] ?? this.#end;
    const parts = this.tokens.slice(this.index, this.index + ahead + 1).map((token, i) => (i === 0 ? '' : token.hidden) + token.text);
    const text = this.look() === Kind.End ? '<EOF>' : parts.join('');
    const word = /^.(true|false|null)$/.exec(text)?.[1];
    // Reserved words in the place of names have kept the text of earlier grammars.
    const message =
      word === undefined ? `no viable alternative at input ${quoted(text)}` : `mismatched input '${word}' expecting IDENTIFIER`;
    return new Mismatch(message, last);
  }

  #resume(): void {
    if (this.#lastErrorIndex < 0 && !this.#recovering) return;
    this.#recovering = false;
    this.#lastErrorIndex = -1;
    this.#lastErrorPlaces.clear();
  }

  #consume(): void {
    if (this.index < this.tokens.length - 1) this.index++;
  }

  #recoverInline(after: Place): Token | undefined {
    this.#countRecovery();
    if (this.#deleteOne()) return this.take();
    if (this.#resolve(after).has(this.look())) {
      if (!this.#recovering) {
        this.#recovering = true;
        this.#notify(`missing ${list(this.#expected())} at ${display(this.token)}`, this.token);
      }
      return undefined;
    }
    throw this.#mismatch();
  }

  /** Drops the token when the one behind it is what is expected. */
  #deleteOne(): boolean {
    if (!this.#expected().has(this.look(1))) return false;
    this.#reportUnwanted();
    this.#consume();
    this.#resume();
    return true;
  }

  #reportUnwanted(): void {
    if (this.#recovering) return;
    this.#recovering = true;
    this.#notify(`extraneous input ${display(this.token)} expecting ${list(this.#expected())}`, this.token);
  }

  #mismatch(): Mismatch {
    return new Mismatch(`mismatched input ${display(this.token)} expecting ${list(this.#expected())}`, this.token);
  }

  #expected(): Set<Kind> {
    return this.#resolve(this.#place);
  }

  /** What may come at a place, given the rules being parsed. */
  #resolve(here: Place): Set<Kind> {
    const kinds = new Set(here.next);
    let { ends } = here;
    for (let caller = this.#callers.length - 1; ends && caller >= 0; caller--) {
      const follow = this.#callers[caller] as Place;
      for (const kind of follow.next) kinds.add(kind);
      ends = follow.ends;
    }
    if (ends) kinds.add(Kind.End);
    return kinds;
  }

  #recoverySet(): Set<Kind> {
    return new Set(this.#callers.flatMap((follow) => [...follow.next]));
  }

  #recover(): void {
    this.#countRecovery();
    // The same error at the same token again: without this nothing would ever be consumed.
    let skipped = 0;
    if (this.#lastErrorIndex === this.index && this.#lastErrorPlaces.has(this.#place)) {
      this.#consume();
      skipped = 1;
    }
    this.#lastErrorIndex = this.index;
    this.#lastErrorPlaces.add(this.#place);
    this.#skipUntil(this.#recoverySet(), MAX_SKIPPED_BY_RECOVERY - skipped);
  }

  #skipUntil(kinds: Kinds, limit = Number.POSITIVE_INFINITY): void {
    for (let skipped = 0; this.look() !== Kind.End && !kinds.has(this.look()); skipped++) {
      if (skipped >= limit) throw new ParsingStopped(`error recovery token lookahead limit exceeded: ${MAX_SKIPPED_BY_RECOVERY}`);
      this.#consume();
    }
  }

  #countRecovery(): void {
    if (this.#recoveries++ < MAX_RECOVERIES) return;
    this.#notify(`error recovery attempt limit exceeded: ${MAX_RECOVERIES}`, this.token);
    throw new ParsingStopped();
  }

  #notify(message: string, token: Token): void {
    const tooMany = this.#errors++ >= MAX_ERRORS;
    this.report(tooMany ? `More than ${MAX_ERRORS} syntax errors` : message, token.at);
    if (tooMany) throw new ParsingStopped();
  }
}

function display(token: Token): string {
  return quoted(token.kind === Kind.End ? '<EOF>' : token.text);
}

function quoted(text: string): string {
  return `'${text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}

function list(kinds: Set<Kind>): string {
  const names = [...kinds].sort((a, b) => a - b).map((kind) => KIND_NAMES[kind] as string);
  return names.length === 1 ? (names[0] as string) : `{${names.join(', ')}}`;
}
