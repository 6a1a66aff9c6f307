import type { AuthorizationAttributes } from '@keelson/machinery';
import { CompiledRule, type PolicyRule } from './policy-rule.js';

/** The rules of a role, laid out by the resources that they name: a request is held against those alone that may be about it. */
export class CompiledRole {
  readonly rules: readonly PolicyRule[];
  readonly #byResource = new Map<string, CompiledRule[]>();
  /** Of all resources, or of a part of all. */
  readonly #ofAny: CompiledRule[] = [];
  readonly #ofUrls: CompiledRule[] = [];

  constructor(rules: readonly PolicyRule[]) {
    this.rules = rules;
    for (const rule of rules) this.#add(new CompiledRule(rule), rule);
  }

  allows(request: AuthorizationAttributes): boolean {
    if (!request.resourceRequest) return anyAllows(this.#ofUrls, request);
    return anyAllows(this.#byResource.get(resourceOf(request.resource)), request) || anyAllows(this.#ofAny, request);
  }

  #add(compiled: CompiledRule, { resources = [], nonResourceURLs = [] }: PolicyRule): void {
    if (nonResourceURLs.length > 0) this.#ofUrls.push(compiled);
    const named = new Set(resources.map(resourceOf));
    if (named.has('*')) this.#ofAny.push(compiled);
    else for (const resource of named) this.#of(resource).push(compiled);
  }

  #of(resource: string): CompiledRule[] {
    let rules = this.#byResource.get(resource);
    if (rules === undefined) {
      rules = [];
      this.#byResource.set(resource, rules);
    }
    return rules;
  }
}

function anyAllows(rules: readonly CompiledRule[] | undefined, request: AuthorizationAttributes): boolean {
  if (rules !== undefined) for (const rule of rules) if (rule.allows(request)) return true;
  return false;
}

/** `pods` of `pods/status`. */
function resourceOf(text: string): string {
  const slash = text.indexOf('/');
  return slash < 0 ? text : text.slice(0, slash);
}
