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

/** A rule that decides. */
export class CompiledRule {
  readonly #verbs: Pattern;
  readonly #groups: Pattern;
  readonly #resources: Pattern;
  readonly #names: Pattern;
  readonly #urls: Pattern;
  /** What URLs may begin with. */
  readonly #urlPrefixes: readonly string[];

  constructor(readonly rule: PolicyRule) {
    this.#verbs = new Pattern(rule.verbs);
    this.#groups = new Pattern(rule.apiGroups);
    this.#resources = new Pattern(rule.resources);
    this.#names = new Pattern(rule.resourceNames);
    this.#urls = new Pattern(rule.nonResourceURLs);
    this.#urlPrefixes = (rule.nonResourceURLs ?? []).filter((url) => url.endsWith(ANY)).map((url) => url.replace(/\*+$/, ''));
  }

  allows(request: AuthorizationAttributes): boolean {
    if (!this.#verbs.has(request.verb)) return false;
    return request.resourceRequest ? this.#allowsResource(request) : this.#allowsUrl(request.path);
  }

  #allowsResource({ apiGroup, resource, subresource, name }: AuthorizationAttributes): boolean {
    if (!this.#groups.has(apiGroup) || !(this.#names.empty || this.#names.has(name))) return false;
    if (subresource === '') return this.#resources.has(resource);
    return this.#resources.has(`${resource}/${subresource}`) || this.#resources.has(`${ANY}/${subresource}`);
  }

  #allowsUrl(path: string): boolean {
    return this.#urls.has(path) || this.#urlPrefixes.some((prefix) => path.startsWith(prefix));
  }
}
