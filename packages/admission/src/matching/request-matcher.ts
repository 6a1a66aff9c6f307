import { internalError, type ObjectLabelSelector, type ServedVersion } from '@keelson/machinery';
import type { MatchedRequest } from './matched-request.js';
import type { NamespaceLabels } from './namespace-labels.js';
import { NamespaceSelector } from './namespace-selector.js';
import { ObjectSelector } from './object-selector.js';
import { type MatchPolicy, ResourceRules } from './resource-rules.js';
import type { Rule } from './rule.js';

/** Which requests a webhook or policy is about, as its object says it. */
export interface MatchCriteria {
  /** Undefined: any request, in the version that the client wrote in. */
  readonly rules: readonly Rule[] | undefined;
  readonly excludeRules?: readonly Rule[] | undefined;
  readonly matchPolicy: string | undefined;
  readonly namespaceSelector: ObjectLabelSelector | undefined;
  readonly objectSelector: ObjectLabelSelector | undefined;
}

/** Tells the requests that a webhook or policy is about, and the version that it is to see their objects in. */
export class RequestMatcher {
  readonly #rules: ResourceRules | undefined;
  readonly #excluded: ResourceRules;
  readonly #selectors: Selectors;

  constructor({ rules, excludeRules = [], matchPolicy, namespaceSelector, objectSelector }: MatchCriteria, namespaces: NamespaceLabels) {
    const policy: MatchPolicy = matchPolicy === 'Equivalent' ? 'Equivalent' : 'Exact';
    this.#rules = rules && new ResourceRules(rules, policy);
    this.#excluded = new ResourceRules(excludeRules, policy);
    this.#selectors = compile(namespaceSelector, objectSelector, namespaces);
  }

  /** Undefined when the request is not meant. Throws 404 when its namespace is to be looked at and there is none. */
  match(attributes: MatchedRequest): ServedVersion | undefined | Promise<ServedVersion | undefined> {
    const version = this.matchRules(attributes);
    if (version === undefined) return undefined;
    const selected = this.#selectors.match(attributes);
    if (selected instanceof Promise) return selected.then((yes) => (yes ? version : undefined));
    return selected ? version : undefined;
  }

  /** By the rules alone: where these name no objects, the same for all requests that `RequestKinds` does not tell apart. */
  matchRules(attributes: MatchedRequest): ServedVersion | undefined {
    if (this.#excluded.match(attributes) !== undefined) return undefined;
    return this.#rules === undefined ? attributes.served : this.#rules.match(attributes);
  }
}

interface Selectors {
  match(attributes: MatchedRequest): boolean | Promise<boolean>;
}

/** Wrong selectors are not written, but may be stored: who is about to be selected by one is refused. */
function compile(
  namespaceSelector: ObjectLabelSelector | undefined,
  objectSelector: ObjectLabelSelector | undefined,
  namespaces: NamespaceLabels,
): Selectors {
  try {
    const ofNamespace = new NamespaceSelector(namespaceSelector, namespaces);
    const ofObject = new ObjectSelector(objectSelector);
    return { match: (attributes) => ofObject.matches(attributes) && ofNamespace.matches(attributes) };
  } catch (error) {
    return {
      match() {
        throw internalError(error);
      },
    };
  }
}
