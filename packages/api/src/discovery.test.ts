import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '@keelson/machinery';
import {
  DiscoveryCatalog,
  discoveredGroupVersion,
  groupVersionSource,
  OpenApiCatalog,
  type ServedGroupVersion,
  serverSources,
} from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../test/recordings.js';
import { allBuiltInGroups } from './testing/all-built-in-groups.js';

/** What kube-apiserver v1.34 answered, and the tables drawn from it. */
const golden = recordings('golden');
const facts = recordings('facts');
const present = golden !== undefined && facts !== undefined;

const groups = allBuiltInGroups();

/** The versions that are on without any flag. */
const served: ServedGroupVersion[] = groups.flatMap(({ group, priority, versions, resources }) =>
  versions
    .filter(({ enabledByDefault }) => enabledByDefault)
    .map(({ version, priority: versionPriority }) => ({
      group,
      version,
      groupPriority: priority,
      versionPriority,
      resources: resources.flatMap((resource) => resource.inVersion(group, version) ?? []),
    })),
);

const groupVersions = served.map((one) => [one.group === '' ? one.version : `${one.group}/${one.version}`, one] as const);

function recordedCases(): { id: string; steps: { path: string; pick?: string; norm?: string[] }[]; expect: { body: Json }[] }[] {
  if (golden === undefined) return [];
  return readFileSync(`${golden}/discovery.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function table(name: string): Record<string, string>[] {
  if (facts === undefined) return [];
  const [head = '', ...lines] = readFileSync(`${facts}/${name}.tsv`, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

const listOf = (cell = '') => (cell === '' ? undefined : cell.split(','));

function withoutEmpty(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined && value !== ''));
}

/** Descriptions are our own words. */
function withoutDescriptions(value: Json, inProperties = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutDescriptions(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, member]) => inProperties || key !== 'description' || typeof member !== 'string');
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutDescriptions(member, key === 'properties')]));
}

describe.runIf(present)('discovery of the built-in groups', () => {
  const rows = table('resources').filter((row) => row['v1.34_default'] === 'on' || row.resource?.includes('/'));

  it.each(groupVersions)('tells of %s what kube-apiserver tells', (_, one) => {
    const told = discoveredGroupVersion(one).resources.flatMap((resource) => {
      const namespaced = resource.scope === 'Namespaced' ? 'y' : 'n';
      const { kind, group, version } = resource.responseKind ?? {};
      const main = {
        resource: resource.resource,
        singular: resource.singularResource,
        kind,
        resp_group: group,
        resp_version: version,
        namespaced,
      };
      const { verbs, shortNames, categories, storageVersionHash } = resource;
      const parts = (resource.subresources ?? []).map((part) => ({
        resource: `${resource.resource}/${part.subresource}`,
        kind: part.responseKind?.kind,
        resp_group: part.responseKind?.group,
        resp_version: part.responseKind?.version,
        namespaced,
        verbs: part.verbs,
      }));
      return [{ ...main, verbs, shortNames, categories, storageVersionHash }, ...parts].map(withoutEmpty);
    });
    const expected = rows
      .filter(({ group, version }) => group === one.group && version === one.version)
      .map((row) =>
        withoutEmpty({ ...row, verbs: listOf(row.verbs), shortNames: listOf(row.shortNames), categories: listOf(row.categories) }),
      )
      .map(({ group: _group, version: _version, 'v1.34_default': _default, ...rest }) => rest);
    expect(told.sort(byResource)).toEqual(expected.sort(byResource));
  });

  it('has the groups in their order', () => {
    const catalog = new DiscoveryCatalog();
    // The core group has a list of its own.
    for (const one of served) if (one.group !== '') catalog.set(discoveredGroupVersion(one));
    const order = table('groups').map((row) => `${row.group}/${row.version}`);
    const told = catalog.groups.flatMap(({ group, versions }) => versions.map(({ version }) => `${group}/${version}`));
    expect(told).toEqual(order.filter((groupVersion) => told.includes(groupVersion)));
  });
});

function byResource(a: Record<string, unknown>, b: Record<string, unknown>): number {
  return String(a.resource) < String(b.resource) ? -1 : 1;
}

describe.runIf(present)('OpenAPI of the built-in groups', () => {
  const catalog = new OpenApiCatalog({ title: 'Kubernetes', version: '1.34' });
  for (const one of served) catalog.set(groupVersionSource(one));
  for (const source of serverSources(groups.map(({ group }) => group))) catalog.set(source);

  const cases = recordedCases();
  const recorded = withoutDescriptions(
    cases.find(({ id }) => id === 'discovery/methods/FOO_openapi_v2')?.expect[0]?.body ?? null,
  ) as unknown as Record<'paths' | 'definitions' | 'parameters', JsonObject>;

  async function ourDocument(): Promise<typeof recorded> {
    const { bytes } = await (await catalog.v2.body('json')).bytes(false);
    return withoutDescriptions(JSON.parse(bytes.toString())) as unknown as typeof recorded;
  }

  it.each(groupVersions)('v2 has the paths of %s as recorded', async (_, one) => {
    const root = one.group === '' ? `/api/${one.version}/` : `/apis/${one.group}/${one.version}/`;
    const below = ({ paths }: typeof recorded) => Object.fromEntries(Object.entries(paths).filter(([path]) => path.startsWith(root)));
    expect(below(await ourDocument())).toEqual(below(recorded));
  });

  it('v2 has the paths of the server itself, and refers to shared parameters, as recorded', async () => {
    const { paths, parameters } = await ourDocument();
    for (const path of ['/api/', '/apis/', '/apis/apps/', '/version/', '/openid/v1/jwks/', '/.well-known/openid-configuration/'])
      expect([path, paths[path]]).toEqual([path, recorded.paths[path]]);
    expect(parameters).toEqual(recorded.parameters);
  });

  it('v2 has definitions as recorded', async () => {
    const { definitions } = await ourDocument();
    const same = Object.keys(definitions).filter((name) => Object.hasOwn(recorded.definitions, name));
    expect(Object.keys(definitions)).toEqual(same);
    for (const name of same) expect([name, definitions[name]]).toEqual([name, recorded.definitions[name]]);
  });

  const schemaNames = cases.filter(({ id }) => id.startsWith('discovery/openapi/v3/') && id.endsWith('/schema-names'));
  const keyOf = (path: string) => path.replace('/openapi/v3/', '');

  it.each(
    schemaNames.flatMap(({ steps: [step], expect: [answer] }) =>
      step !== undefined && catalog.v3(keyOf(step.path)) !== undefined ? [[keyOf(step.path), answer?.body] as const] : [],
    ),
  )('v3 has the schemas of %s that were recorded', async (key, names) => {
    const { bytes } = (await (await catalog.v3(key)?.body('json'))?.bytes(false)) ?? {};
    expect(Object.keys(JSON.parse(String(bytes)).components.schemas)).toEqual(names);
  });
});
