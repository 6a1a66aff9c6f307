import { semanticallyEqual } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';

type Hub = apiextensions.v1.CustomResourceDefinition;
type HubSpec = apiextensions.v1.CustomResourceDefinitionSpec;
type HubVersion = apiextensions.v1.CustomResourceDefinitionVersion;
type HubConversion = apiextensions.v1.CustomResourceConversion;
type Beta = apiextensions.v1beta1.CustomResourceDefinition;
type BetaSpec = apiextensions.v1beta1.CustomResourceDefinitionSpec;
type BetaVersion = apiextensions.v1beta1.CustomResourceDefinitionVersion;
type BetaConversion = apiextensions.v1beta1.CustomResourceConversion;

/** What v1beta1 can say once for all versions. Definitions have few versions and large schemas: it halves many of them. */
type Shared = Pick<BetaSpec, 'validation' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'>;

/** By what v1beta1 calls it in the spec: what it is called in a version. */
const sharedFields = [
  ['validation', 'schema'],
  ['subresources', 'subresources'],
  ['additionalPrinterColumns', 'additionalPrinterColumns'],
  ['selectableFields', 'selectableFields'],
] as const;

type Columns<From extends string, To extends string> = (
  columns: readonly ({ [F in From]: string } & object)[] | undefined,
) => ({ [T in To]: string } & object)[] | undefined;

function renameMember<From extends string, To extends string>(from: From, to: To): Columns<From, To> {
  return (columns) =>
    columns?.map((column) => {
      const { [from]: value, ...others } = column;
      return { ...others, [to]: value } as unknown as { [T in To]: string };
    });
}

const columnsToHub = renameMember('JSONPath', 'jsonPath');
const columnsFromHub = renameMember('jsonPath', 'JSONPath');

/** Without members that are undefined: canonical objects leave them out. */
function defined<T extends object>(members: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function conversionToHub({ strategy, webhookClientConfig, conversionReviewVersions }: BetaConversion): HubConversion {
  if (strategy !== 'Webhook' || (webhookClientConfig === undefined && conversionReviewVersions === undefined)) return { strategy };
  return defined<HubConversion>({
    strategy,
    webhook: defined({ clientConfig: webhookClientConfig, conversionReviewVersions: conversionReviewVersions ?? null }),
  });
}

function conversionFromHub({ strategy, webhook }: HubConversion): BetaConversion {
  return defined<BetaConversion>({
    strategy,
    webhookClientConfig: webhook?.clientConfig,
    conversionReviewVersions: webhook?.conversionReviewVersions ?? undefined,
  });
}

function versionToHub(version: BetaVersion, shared: Shared): HubVersion {
  const columns = shared.additionalPrinterColumns ?? version.additionalPrinterColumns;
  return defined<HubVersion>({
    ...version,
    schema: shared.validation ?? version.schema,
    subresources: shared.subresources ?? version.subresources,
    additionalPrinterColumns: columnsToHub(columns) as HubVersion['additionalPrinterColumns'],
    selectableFields: shared.selectableFields ?? version.selectableFields,
  });
}

function versionsToHub(spec: BetaSpec): HubVersion[] | null {
  const listed = spec.versions?.length ? spec.versions : spec.version ? [{ name: spec.version, served: true, storage: true }] : [];
  if (listed.length === 0) return null;
  const { validation, subresources, additionalPrinterColumns, selectableFields } = spec;
  const shared: Shared = defined<Shared>({ validation, subresources, additionalPrinterColumns, selectableFields });
  // Versions must not share what the object's owner may change in one of them.
  return listed.map((version, i) => versionToHub(version, i === 0 ? shared : structuredClone(shared)));
}

export function definitionToHub({ spec, ...others }: Beta): Hub {
  const { group, names, scope, conversion, preserveUnknownFields } = spec ?? {};
  return {
    ...others,
    spec: defined<HubSpec>({
      group,
      names,
      scope,
      versions: spec && versionsToHub(spec),
      conversion: conversion && conversionToHub(conversion),
      // v1 prints it only when it is true.
      preserveUnknownFields: preserveUnknownFields || undefined,
    }),
  };
}

/** What all versions say alike, and the versions without it. */
function shareAmong(versions: readonly BetaVersion[]): { readonly shared: Shared; readonly versions: BetaVersion[] } {
  const [first] = versions;
  const alike = sharedFields.filter(([, field]) => versions.every((version) => semanticallyEqual(version[field], first?.[field])));
  const kept = versions.map((version) => ({ ...version }));
  for (const version of kept) for (const [, field] of alike) delete version[field];
  const shared = Object.fromEntries(alike.map(([name, field]) => [name, first?.[field]]));
  return { shared: defined<Shared>(shared), versions: kept };
}

export function definitionFromHub({ spec, ...others }: Hub): Beta {
  const { group, names, scope, conversion, preserveUnknownFields } = spec ?? {};
  const listed = (spec?.versions ?? []).map((version) =>
    defined<BetaVersion>({
      ...version,
      additionalPrinterColumns: columnsFromHub(version.additionalPrinterColumns) as BetaVersion['additionalPrinterColumns'],
    }),
  );
  const { shared, versions } = shareAmong(listed);
  return {
    ...others,
    spec: defined<BetaSpec>({
      group,
      version: listed[0]?.name,
      names,
      scope,
      ...shared,
      versions: versions.length > 0 ? versions : undefined,
      conversion: conversion && conversionFromHub(conversion),
      preserveUnknownFields: preserveUnknownFields ?? false,
    }),
  };
}
