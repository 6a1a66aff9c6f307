import type { AuthorizationAttributes } from '@keelson/machinery';

/** A rule of a role, as `rbac.authorization.k8s.io` has it: what may be done to resources, or to URLs. */
export interface PolicyRule {
  verbs: string[] | null;
  apiGroups?: string[];
  resources?: string[];
  /** None means all. */
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

const ANY = '*';

/** Texts of a rule that requests are matched against, made once. */
class Pattern {
  readonly #texts: ReadonlySet<string>;
  readonly any: boolean;

  constructor(texts: readonly string[] | null | undefined) {
    this.#texts = new Set(texts ?? []);
    this.any = this.#texts.has(ANY);
  }

  get empty(): boolean {
    return this.#texts.size === 0;
  }

  has(text: string): boolean {
    return this.any || this.#texts.has(text);
  }
}

/** Resources of a rule: `pods`, `pods/status`, `*` for all of them, or `*\/status` for a part of all. */
class ResourcePattern {
  readonly #texts: Pattern;
  /** By subresource, the resources. */
  readonly #parts = new Map<string, Set<string>>();

  constructor(texts: readonly string[] | null | undefined) {
    this.#texts = new Pattern(texts);
    for (const text of texts ?? []) this.#addPart(text, text.lastIndexOf('/'));
  }

  /** Makes no text of the two: that would cost more than the rest of a check. */
  has(resource: string, subresource: string): boolean {
    if (subresource === '' || this.#texts.any) return this.#texts.has(resource);
    if (subresource.includes('/')) return this.#texts.has(`${resource}/${subresource}`) || this.#texts.has(`${ANY}/${subresource}`);
    const resources = this.#parts.get(subresource);
    return resources !== undefined && (resources.has(resource) || resources.has(ANY));
  }

  #addPart(text: string, slash: number): void {
    if (slash < 0) return;
    const subresource = text.slice(slash + 1);
    const resources = this.#parts.get(subresource) ?? new Set();
    resources.add(text.slice(0, slash));
    this.#parts.set(subresource, resources);
  }
}

/** A rule that decides. */
export class CompiledRule {
  readonly #verbs: Pattern;
  readonly #groups: Pattern;
  readonly #resources: ResourcePattern;
  readonly #names: Pattern;
  readonly #urls: Pattern;
  /** What URLs may begin with. */
  readonly #urlPrefixes: readonly string[];

  constructor(rule: PolicyRule) {
    this.#verbs = new Pattern(rule.verbs);
    this.#groups = new Pattern(rule.apiGroups);
    this.#resources = new ResourcePattern(rule.resources);
    this.#names = new Pattern(rule.resourceNames);
    this.#urls = new Pattern(rule.nonResourceURLs);
    this.#urlPrefixes = (rule.nonResourceURLs ?? []).filter((url) => url.endsWith(ANY)).map((url) => url.replace(/\*+$/, ''));
  }

  allows(request: AuthorizationAttributes): boolean {
    if (!this.#verbs.has(request.verb)) return false;
    return request.resourceRequest ? this.#allowsResource(request) : this.#allowsUrl(request.path);
  }

  #allowsResource({ apiGroup, resource, subresource, name }: AuthorizationAttributes): boolean {
    return this.#groups.has(apiGroup) && (this.#names.empty || this.#names.has(name)) && this.#resources.has(resource, subresource);
  }

  #allowsUrl(path: string): boolean {
    return this.#urls.has(path) || this.#urlPrefixes.some((prefix) => path.startsWith(prefix));
  }
}
