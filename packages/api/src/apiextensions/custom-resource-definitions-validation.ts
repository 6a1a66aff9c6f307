import {
  dns1035Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  path,
  required,
  validateImmutable,
} from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateClientConfig } from '../webhook/client-config-validation.js';
import { validateApproval } from './approval-validation.js';
import { validateVersions } from './versions-validation.js';

type Definition = apiextensions.v1.CustomResourceDefinition;
type Spec = apiextensions.v1.CustomResourceDefinitionSpec;
type Names = apiextensions.v1.CustomResourceDefinitionNames;

const specPath = path('spec');
const reviewVersions = ['v1', 'v1beta1'];

function validateName({ metadata, spec }: Definition): FieldError[] {
  const name = metadata.name ?? '';
  if (name === `${spec.names.plural}.${spec.group}`) return [];
  return [invalidField(path('metadata', 'name'), name, 'must be spec.names.plural+"."+spec.group')];
}

function validateGroup(group: string): FieldError[] {
  const at = specPath.child('group');
  if (group === '') return [required(at)];
  const details = validateForm(group, at, dns1123Subdomain);
  return group.includes('.') ? details : [...details, invalidField(at, group, 'should be a domain with at least one dot')];
}

/** Kinds are words in mixed case; in lower case they must be labels. */
function validateKind(kind: string, at: FieldPath): FieldError[] {
  if (kind === '') return [required(at)];
  const details = dns1035Label(kind.toLowerCase());
  if (details.length === 0) return [];
  return [invalidField(at, kind, `may have mixed case, but should otherwise match: ${details.join(',')}`)];
}

function validateNames(names: Names): FieldError[] {
  const at = specPath.child('names');
  const label = (text: string, here: FieldPath) => (text === '' ? [required(here)] : validateForm(text, here, dns1035Label));
  const same = names.kind !== '' && names.kind === names.listKind;
  return [
    ...label(names.plural, at.child('plural')),
    ...label(names.singular ?? '', at.child('singular')),
    ...validateKind(names.kind, at.child('kind')),
    ...validateKind(names.listKind ?? '', at.child('listKind')),
    ...(names.shortNames ?? []).flatMap((name, i) => label(name, at.child('shortNames').index(i))),
    ...(names.categories ?? []).flatMap((name, i) => label(name, at.child('categories').index(i))),
    ...(same ? [invalidField(at.child('listKind'), names.listKind, 'kind and listKind may not be the same')] : []),
  ];
}

function validateReviewVersions(versions: readonly string[], at: FieldPath): FieldError[] {
  if (versions.length === 0) return [required(at)];
  const errors = versions.flatMap((version, i) =>
    versions.indexOf(version) < i
      ? [invalidField(at.index(i), version, 'duplicate version')]
      : validateForm(version, at.index(i), dns1035Label),
  );
  if (versions.some((version) => reviewVersions.includes(version))) return errors;
  return [...errors, invalidField(at, versions, `must include at least one of ${reviewVersions.join(', ')}`)];
}

function validateConversion({ strategy, webhook }: apiextensions.v1.CustomResourceConversion): FieldError[] {
  const at = specPath.child('conversion');
  const errors = validateEnumerated(strategy, at.child('strategy'), ['None', 'Webhook']);
  const configPath = at.child('webhookClientConfig');
  const versionsPath = at.child('conversionReviewVersions');
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook';
    return [
      ...errors,
      ...(webhook?.clientConfig === undefined ? [] : [forbiddenField(configPath, detail)]),
      ...(webhook?.conversionReviewVersions?.length ? [forbiddenField(versionsPath, detail)] : []),
    ];
  }
  return [
    ...errors,
    ...(webhook?.clientConfig === undefined
      ? [required(configPath, 'required when strategy is set to Webhook')]
      : validateClientConfig(webhook.clientConfig, configPath)),
    ...validateReviewVersions(webhook?.conversionReviewVersions ?? [], versionsPath),
  ];
}

/** Once it was the default to keep what no schema knows: who still does may go on. */
function validateUnknownFields({ preserveUnknownFields }: Spec, old: Spec | undefined): FieldError[] {
  if (!preserveUnknownFields || old?.preserveUnknownFields) return [];
  const detail = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalidField(specPath.child('preserveUnknownFields'), true, detail)];
}

function validateStoredVersions({ spec, status }: Definition): FieldError[] {
  const at = path('status', 'storedVersions');
  const { storedVersions } = status;
  if (!storedVersions?.length) return [invalidField(at, storedVersions ?? null, 'must have at least one stored version')];
  const known = new Set(spec.versions?.map(({ name }) => name));
  return storedVersions.flatMap((version, i) => {
    if (known.has(version)) return [];
    const detail =
      `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a ` +
      `storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    return [invalidField(at.index(i), version, detail)];
  });
}

function isEstablished({ status }: Definition): boolean {
  return status.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') ?? false;
}

/** Where its objects are, and what they are, stays as it is; more of it once clients may have read it. */
function validateUpdate({ spec }: Definition, old: Definition): FieldError[] {
  const established = isEstablished(old)
    ? [
        ...validateImmutable(spec.scope, old.spec.scope, specPath.child('scope')),
        ...validateImmutable(spec.names.kind, old.spec.names.kind, specPath.child('names', 'kind')),
      ]
    : [];
  return [
    ...established,
    ...validateImmutable(spec.group, old.spec.group, specPath.child('group')),
    ...validateImmutable(spec.names.plural, old.spec.names.plural, specPath.child('names', 'plural')),
  ];
}

export function validateDefinition(definition: Definition, old: Definition | undefined): FieldError[] {
  const { spec } = definition;
  return [
    ...(old === undefined ? validateName(definition) : []),
    ...validateGroup(spec.group),
    ...validateEnumerated(spec.scope, specPath.child('scope'), ['Cluster', 'Namespaced']),
    ...validateVersions(spec, old?.spec),
    ...validateUnknownFields(spec, old?.spec),
    ...validateNames(spec.names),
    ...(spec.conversion === undefined ? [] : validateConversion(spec.conversion)),
    ...validateStoredVersions(definition),
    ...validateApproval(definition, old),
    ...(old === undefined ? [] : validateUpdate(definition, old)),
  ];
}
