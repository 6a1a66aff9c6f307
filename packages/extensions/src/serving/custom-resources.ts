import { formatGroupVersion, type Json, type KubeObject } from '@keelson/machinery';
import type { apiextensions, JsonSchema } from '@keelson/schema';
import { defineResource, type Resource, type ResourceDefinition } from '@keelson/server';
import { type CustomKind, customKind } from '../kind/custom-kind.js';
import { customColumns } from '../printing/custom-columns.js';
import { applyStructuralDefaults, hasDefaults } from '../values/apply-structural-defaults.js';
import { customValidation } from '../values/custom-validation.js';
import { customForm } from './custom-form.js';
import { customScale, validateReplicas } from './custom-scale.js';
import { customStatus } from './custom-status.js';
import { finalizerWarnings } from './finalizer-warnings.js';
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
export function schemaOf({ preserveUnknownFields }: Definition['spec'], { schema }: Version): JsonSchema {
  const own = schema?.openAPIV3Schema;
  if (own === undefined) return FREE;
  return preserveUnknownFields ? { ...own, 'x-kubernetes-preserve-unknown-fields': true } : own;
}

/** Makes resources of the versions of a definition, by the names that were accepted. They share a store. */
export function customResources({ spec, status }: Definition): CustomVersion[] {
  const { group } = spec;
  const versions = spec.versions ?? [];
  const kinds = versions.map((version) =>
    customKind({ group, version: version.name, kind: status.acceptedNames.kind }, schemaOf(spec, version)),
  );
  const written = kinds[versions.findIndex(({ storage }) => storage)];
  if (written === undefined) return [];
  const parts: SharedParts = { spec, names: status.acceptedNames, kinds, written };
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
}

function customResource(version: Version, shown: CustomKind, { spec, names, kinds, written }: SharedParts): Resource {
  const { group } = spec;
  const { schema } = shown;
  const apiVersion = formatGroupVersion(shown);
  const { status, scale } = version.subresources ?? {};
  const validate = customValidation(apiVersion, shown.kind, schema, (object) => (scale ? validateReplicas(object, scale) : []));
  // What a webhook converts is all of the shown version before it gets here.
  const known = isConvertedByWebhook(spec) ? [shown] : kinds;
  const form = customForm({
    shown,
    written: isConvertedByWebhook(spec) ? shown : written,
    kinds: new Map(known.map((kind) => [formatGroupVersion(kind), kind])),
    fields: fieldReaders(spec.versions ?? []),
  });
  const definition: ResourceDefinition<KubeObject> = {
    names: {
      plural: names.plural,
      singular: names.singular ?? shown.kind.toLowerCase(),
      ...(names.shortNames?.length && { short: names.shortNames }),
      ...(names.categories?.length && { categories: names.categories }),
    },
    scope: spec.scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    storage: { key: `${group}/${names.plural}`, format: 'json', kind: written, form },
    versions: known.filter((kind) => kind !== shown).map((kind) => ({ kind })),
    ...(version.deprecated && { deprecationWarning: deprecationWarning(version, apiVersion, shown.kind) }),
    unconditionalUpdate: false,
    anyFinalizer: true,
    ...(status && { resetFields: ['status'] }),
    generationOf: status ? withoutMetadataAndStatus : withoutMetadata,
    ...(hasDefaults(schema) && { defaults: (object: KubeObject) => applyStructuralDefaults(object as unknown as Json, schema) }),
    validate,
    warnings: finalizerWarnings,
    selectableFields: selectableFields(version),
    unsupportedField: (field) => `field label not supported: ${field}`,
    columns: customColumns(version.additionalPrinterColumns),
    subresources: { ...(status && { status: customStatus(validate) }), ...(scale && { scale: customScale(scale) }) },
  };
  return defineResource(shown, definition);
}

function withoutMetadata({ metadata: _metadata, ...content }: KubeObject): object {
  return content;
}

function withoutMetadataAndStatus(object: KubeObject): object {
  const { metadata: _metadata, status: _status, ...content } = object as KubeObject & { status?: unknown };
  return content;
}

function deprecationWarning({ deprecationWarning: own }: Version, apiVersion: string, kind: string): string {
  return own ?? `${apiVersion} ${kind} is deprecated`;
}
