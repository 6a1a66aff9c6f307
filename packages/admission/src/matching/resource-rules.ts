import type { ServedVersion } from '@keelson/machinery';
import type { MatchedRequest } from './matched-request.js';
import { RequestKinds } from './request-kinds.js';
import { matchesRule, type Rule } from './rule.js';

/** `Exact`: rules are about the version that a client wrote in. `Equivalent`: also about the same object in others. */
export type MatchPolicy = 'Exact' | 'Equivalent';

interface Candidate {
  readonly version: ServedVersion;
  /** Undefined: whatever the name. */
  readonly names: ReadonlySet<string> | undefined;
}

/** The rules of a webhook or policy. */
export class ResourceRules {
  readonly #rules: readonly Rule[];
  readonly #policy: MatchPolicy;
  readonly #candidates = new RequestKinds<readonly Candidate[]>();

  constructor(rules: readonly Rule[], policy: MatchPolicy) {
    this.#rules = rules;
    this.#policy = policy;
  }

  /** The version that a rule is about: the request's own where one is about that, else the first of the others. */
  match(attributes: MatchedRequest): ServedVersion | undefined {
    const candidates = this.#candidates.of(attributes, () => this.#find(attributes));
    return candidates.find(({ names }) => names === undefined || names.has(attributes.name))?.version;
  }

  #find({ served, operation, namespace }: MatchedRequest): Candidate[] {
    const among = (versions: readonly ServedVersion[]) =>
      this.#rules.flatMap((rule) =>
        versions
          .filter((version) => matchesRule(rule, operation, namespace, version))
          .map((version) => ({ version, names: rule.resourceNames?.length ? new Set(rule.resourceNames) : undefined })),
      );
    const own = among([served]);
    return this.#policy === 'Equivalent' ? [...own, ...among(served.equivalents)] : own;
  }
}
