import type { GroupVersionResource, ObjectReceiver } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

type Configuration = admissionregistration.v1alpha1.InitializerConfiguration;
type Initializer = admissionregistration.v1alpha1.Initializer;
type Rule = admissionregistration.v1alpha1.Rule;

/** The initializers of all configurations in their order: by the names of these, and as they stand within. */
export class InitializerIndex implements ObjectReceiver<Configuration> {
  readonly #byConfiguration = new Map<string, readonly Initializer[]>();
  #all: readonly Initializer[] = [];

  set({ metadata: { name = '' }, initializers = [] }: Configuration): void {
    this.#byConfiguration.set(name, initializers);
    this.#sort();
  }

  delete({ metadata: { name = '' } }: Configuration): void {
    this.#byConfiguration.delete(name);
    this.#sort();
  }

  /** Names of those that new objects of a resource wait for. */
  namesFor(resource: GroupVersionResource): string[] {
    return this.#all.filter(({ rules = [] }) => rules.some((rule) => matches(rule, resource))).map(({ name }) => name);
  }

  #sort(): void {
    this.#all = [...this.#byConfiguration].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, initializers]) => initializers);
  }
}

function matches({ apiGroups, apiVersions, resources }: Rule, { group, version, resource }: GroupVersionResource): boolean {
  return includes(apiGroups, group) && includes(apiVersions, version) && (includes(resources, resource) || includes(resources, '*/*'));
}

function includes(wanted: readonly string[] = [], given: string): boolean {
  return wanted.includes('*') || wanted.includes(given);
}
