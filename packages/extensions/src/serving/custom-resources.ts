import { formatGroupVersion } from '@keelson/machinery';
import type { apiextensions, JsonSchema } from '@keelson/schema';
import { compareVersions, defineResource, type ForeignVersion, type Resource, type RuleTimes } from '@keelson/server';
import type { ConversionWebhook } from '../conversion/conversion-webhook.js';
import { foreignVersion } from '../conversion/foreign-version.js';
import { type CustomKind, customKind } from '../kind/custom-kind.js';
import { shareParts } from '../kind/share-parts.js';
import { customColumns } from '../printing/custom-columns.js';
import { customDefinition } from './custom-definition.js';
import { customForm } from './custom-form.js';
import { definedScale } from './custom-scale.js';
import { fieldReaders, selectableFields } from './selectable-fields.js';

type Definition = apiextensions.v1.CustomResourceDefinition;
type Version = apiextensions.v1.CustomResourceDefinitionVersion;

/** One version of a custom resource, as a resource of its own: its objects are checked by its schema alone. */
export interface CustomVersion {
  readonly name: string;
  readonly served: boolean;
  readonly shown: CustomKind;
  /** The version in which objects of all versions are written. */
  readonly written: CustomKind;
  readonly resource: Resource;
}

const FREE: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as JsonSchema;

/** The schema of a version. Definitions of before v1 may have none, or keep what theirs does not know. */
function schemaOf({ preserveUnknownFields }: Definition['spec'], { schema }: Version): JsonSchema {
  const own = schema?.openAPIV3Schema;
  if (own === undefined) return FREE;
  return preserveUnknownFields ? { ...own, 'x-kubernetes-preserve-unknown-fields': true } : own;
}

/** Makes resources of the versions of a definition, by the names that were accepted. They share a store. `webhook` converts them, where one does. */
export function customResources({ spec, status }: Definition, webhook: ConversionWebhook | undefined, times: RuleTimes): CustomVersion[] {
  const { group } = spec;
  const versions = spec.versions ?? [];
  const schemas = shareParts(versions.map((version) => schemaOf(spec, version)));
  const kinds = versions.map(({ name }, i) => customKind({ group, version: name, kind: status.acceptedNames.kind }, schemas[i] ?? FREE));
  const written = kinds[versions.findIndex(({ storage }) => storage)];
  if (written === undefined) return [];
  const parts: SharedParts = { spec, names: status.acceptedNames, kinds, written, webhook, times };
  return versions.map((version, i) => ({
    name: version.name,
    served: version.served,
    shown: kinds[i] as CustomKind,
    written,
    resource: customResource(version, kinds[i] as CustomKind, parts),
  }));
}

export function isConvertedByWebhook({ conversion }: Definition['spec']): boolean {
  return conversion?.strategy === 'Webhook';
}

interface SharedParts {
  readonly spec: Definition['spec'];
  readonly names: Definition['status']['acceptedNames'];
  readonly kinds: readonly CustomKind[];
  readonly written: CustomKind;
  readonly webhook: ConversionWebhook | undefined;
  readonly times: RuleTimes;
}

function customResource(version: Version, shown: CustomKind, { spec, names, kinds, written, webhook, times }: SharedParts): Resource {
  // What a webhook converts is all of the shown version before it gets here.
  const known = webhook ? [shown] : kinds;
  const form = customForm({
    shown,
    written: webhook ? shown : written,
    kinds: new Map(known.map((kind) => [formatGroupVersion(kind), kind])),
    fields: fieldReaders(spec.versions ?? []),
    beganWithoutGenerations: true,
  });
  const definition = customDefinition({ names, scope: spec.scope, shown, written, form, subresources: version.subresources, times });
  const { scale } = definition.subresources;
  return defineResource(shown, {
    ...definition,
    subresources: { ...definition.subresources, ...(scale && { scale: definedScale(scale, replicasPaths(spec)) }) },
    ...(webhook && { foreignVersion: (apiVersion: string) => foreign(apiVersion, kinds, shown, webhook) }),
    versions: known.filter((kind) => kind !== shown).map((kind) => ({ kind })),
    ...(version.deprecated && { deprecationWarning: deprecationWarning(version, spec, shown.kind) }),
    selectableFields: selectableFields(version),
    columns: customColumns(version.additionalPrinterColumns, { apiVersion: formatGroupVersion(shown), kind: shown.kind }),
  });
}

/** Where the objects of each version have their replicas. */
function replicasPaths({ group, versions }: Definition['spec']): ReadonlyMap<string, string | null> {
  return new Map(
    (versions ?? []).map(({ name, subresources }) => [
      formatGroupVersion({ group, version: name }),
      subresources?.scale?.specReplicasPath ?? null,
    ]),
  );
}

function foreign(
  apiVersion: string,
  kinds: readonly CustomKind[],
  shown: CustomKind,
  webhook: ConversionWebhook,
): ForeignVersion | undefined {
  const other = kinds.find((kind) => formatGroupVersion(kind) === apiVersion);
  return other && foreignVersion(other, shown, webhook);
}

/** In the words of its definition; else with the best version there is that is better. */
function deprecationWarning({ deprecationWarning: own, name }: Version, { group, versions }: Definition['spec'], kind: string): string {
  if (own !== undefined) return own;
  const isBetter = (other: Version) => other.served && !other.deprecated && compareVersions(other.name, name) < 0;
  const [best] = (versions ?? []).filter(isBetter).sort((a, b) => compareVersions(a.name, b.name));
  const named = (version: string) => `${formatGroupVersion({ group, version })} ${kind}`;
  return `${named(name)} is deprecated${best === undefined ? '' : `; use ${named(best.name)}`}`;
}
