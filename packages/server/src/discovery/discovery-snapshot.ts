import { formatGroupVersion } from '@keelson/machinery';
import { apidiscovery, type KindSchema, meta } from '@keelson/schema';
import type { DiscoveredGroup } from './discovery-catalog.js';
import { aggregatedText, apiGroup, apiGroupDiscoveryList, apiGroupList, apiResourceList, apiVersions } from './discovery-documents.js';
import { EncodedDocument } from './encoded-document.js';

/** The two roots of the API: the core group's, and that of all others. */
export type ApiRoot = '/api' | '/apis';

export type AggregatedVersion = 'v2' | 'v2beta1';

const aggregatedSchemas: Readonly<Record<AggregatedVersion, KindSchema<object>>> = {
  v2: apidiscovery.v2.APIGroupDiscoveryList,
  v2beta1: apidiscovery.v2beta1.APIGroupDiscoveryList,
};

/** Every discovery document of one state of the catalog, each made when it is first asked for. */
export class DiscoverySnapshot {
  readonly #core: readonly DiscoveredGroup[];
  readonly #named: readonly DiscoveredGroup[];
  readonly #makers: ReadonlyMap<string, () => EncodedDocument>;
  readonly #made = new Map<string, EncodedDocument>();

  readonly #onAggregated: (() => void) | undefined;

  constructor(groups: readonly DiscoveredGroup[], serverAddress: () => string, onAggregated?: () => void) {
    this.#onAggregated = onAggregated;
    this.#core = groups.filter(({ group }) => group === '');
    this.#named = groups.filter(({ group }) => group !== '');
    this.#makers = new Map([
      ['/api', () => new EncodedDocument(apiVersions(this.#core[0], serverAddress()), meta.v1.APIVersions)],
      ['/apis', () => new EncodedDocument(apiGroupList(this.#named), meta.v1.APIGroupList)],
      ...this.#core.flatMap((core) => versionMakers('/api', core)),
      ...this.#named.flatMap((group) => groupMakers(group)),
    ]);
  }

  /** Every path that has a document. */
  get paths(): string[] {
    return [...this.#makers.keys()];
  }

  document(path: string): EncodedDocument | undefined {
    return this.#remembered(path, this.#makers.get(path));
  }

  aggregated(root: ApiRoot, version: AggregatedVersion): EncodedDocument {
    const groups = root === '/api' ? this.#core : this.#named;
    const parameters = `;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    const make = () => {
      this.#onAggregated?.();
      const list = apiGroupDiscoveryList(groups, version);
      return new EncodedDocument(list, aggregatedSchemas[version], parameters, () => aggregatedText(list));
    };
    return this.#remembered(`${root};${version}`, make) as EncodedDocument;
  }

  #remembered(key: string, make: (() => EncodedDocument) | undefined): EncodedDocument | undefined {
    const known = this.#made.get(key);
    if (known !== undefined || make === undefined) return known;
    const document = make();
    this.#made.set(key, document);
    return document;
  }
}

function groupMakers(group: DiscoveredGroup): [string, () => EncodedDocument][] {
  const path = `/apis/${group.group}`;
  return [[path, () => new EncodedDocument(apiGroup(group), meta.v1.APIGroup)], ...versionMakers('/apis', group)];
}

function versionMakers(root: ApiRoot, { versions }: DiscoveredGroup): [string, () => EncodedDocument][] {
  return versions.map((entry) => [
    `${root}/${formatGroupVersion(entry)}`,
    () => new EncodedDocument(apiResourceList(entry), meta.v1.APIResourceList),
  ]);
}
