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
import { caBundleProblem } from '../webhook/ca-bundle-problem.js';
import { validateClientConfig } from '../webhook/client-config-validation.js';
import { validateApproval } from './approval-validation.js';
import { schemaHas } from './schema-has.js';
import { schemasOf } from './schemas-of.js';
import { validateSharedParts, validateVersions } from './versions-validation.js';

type Definition = apiextensions.v1.CustomResourceDefinition;
type Spec = apiextensions.v1.CustomResourceDefinitionSpec;
type Names = apiextensions.v1.CustomResourceDefinitionNames;
type Conversion = apiextensions.v1.CustomResourceConversion;

const specPath = path('spec');
const acceptedPath = path('status', 'acceptedNames');
const reviewVersions = ['v1', 'v1beta1'];

/** Names that are there: that one must be is a rule of all kinds. */
function validateGivenNames({ metadata, spec }: Definition): FieldError[] {
  return (['generateName', 'name'] as const).flatMap((field) => {
    const name = metadata[field] ?? '';
    if (name === '' || name === `${spec.names.plural}.${spec.group}`) return [];
    return [invalidField(path('metadata', field), name, 'must be spec.names.plural+"."+spec.group')];
  });
}

function validateGroup(group: string): FieldError[] {
  const at = specPath.child('group');
  if (group === '') return [required(at)];
  const details = dns1123Subdomain(group);
  if (details.length > 0) return [invalidField(at, group, details.join(','))];
  return group.includes('.') ? [] : [invalidField(at, group, 'should be a domain with at least one dot')];
}

function validateLabel(text: string, at: FieldPath): FieldError[] {
  const details = dns1035Label(text);
  return details.length === 0 ? [] : [invalidField(at, text, details.join(','))];
}

/** Kinds are words in mixed case; in lower case they must be labels. */
function validateKind(kind: string, at: FieldPath): FieldError[] {
  const details = dns1035Label(kind.toLowerCase());
  if (details.length === 0) return [];
  return [invalidField(at, kind, `may have mixed case, but should otherwise match: ${details.join(',')}`)];
}

const wordForms = { plural: validateLabel, singular: validateLabel, kind: validateKind, listKind: validateKind } as const;
const words = Object.keys(wordForms) as (keyof typeof wordForms)[];

/** Names as far as there are any: those wanted, and those that a definition got. */
function validateNames(names: Names, at: FieldPath): FieldError[] {
  const same = names.kind !== '' && names.kind === names.listKind;
  return [
    ...words.flatMap((word) => (names[word] ? wordForms[word](names[word], at.child(word)) : [])),
    ...(names.shortNames ?? []).flatMap((name, i) => validateLabel(name, at.child('shortNames').index(i))),
    ...(same ? [invalidField(at.child('listKind'), names.listKind, 'kind and listKind may not be the same')] : []),
    ...(names.categories ?? []).flatMap((name, i) => validateLabel(name, at.child('categories').index(i))),
  ];
}

function validateNamed(names: Names): FieldError[] {
  const at = specPath.child('names');
  return [...words.flatMap((word) => (names[word] ? [] : [required(at.child(word))])), ...validateNames(names, at)];
}

function validateReviewVersions(versions: readonly string[], at: FieldPath, lenient: boolean): FieldError[] {
  if (versions.length === 0) return [required(at)];
  const errors = versions.flatMap((version, i) =>
    versions.indexOf(version) < i
      ? [invalidField(at.index(i), version, 'duplicate version')]
      : validateForm(version, at.index(i), dns1035Label),
  );
  if (lenient || hasKnownVersion(versions)) return errors;
  return [...errors, invalidField(at, versions, `must include at least one of ${reviewVersions.join(', ')}`)];
}

const hasKnownVersion = (versions: readonly string[]): boolean => versions.some((version) => reviewVersions.includes(version));

/** Who has not been established yet, or has been with a bundle that is no good, may go on with one. */
function validateBundle(caBundle: string, old: Definition | undefined, at: FieldPath): FieldError[] {
  const problem = caBundleProblem(caBundle);
  if (problem === undefined || old === undefined || !isEstablished(old)) return [];
  const before = old.spec.conversion?.webhook?.clientConfig?.caBundle ?? '';
  return caBundleProblem(before) === undefined ? [invalidField(at, caBundle, problem)] : [];
}

/** Who already asked for nothing that is known may go on. */
function validateConversion({ strategy, webhook }: Conversion, old: Definition | undefined): FieldError[] {
  const before = old?.spec.conversion?.webhook?.conversionReviewVersions ?? [];
  const lenient = before.length > 0 && !hasKnownVersion(before);
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
      : [
          ...validateClientConfig(webhook.clientConfig, configPath),
          ...validateBundle(webhook.clientConfig.caBundle ?? '', old, configPath.child('caBundle')),
        ]),
    ...validateReviewVersions(webhook?.conversionReviewVersions ?? [], versionsPath, lenient),
  ];
}

/** Once it was the default to keep what no schema knows: who still does may go on, without what came later. */
function validateUnknownFields(spec: Spec, old: Spec | undefined): FieldError[] {
  if (!spec.preserveUnknownFields) return [];
  const at = specPath.child('preserveUnknownFields');
  const { strategy } = spec.conversion ?? {};
  const hasDefaults = schemasOf(spec).some((schema) => schemaHas(schema, (part) => part.default !== undefined));
  const errors: FieldError[] = [];
  if (hasDefaults) errors.push(invalidField(at, true, 'must be false in order to use defaults in the schema'));
  if (strategy !== undefined && strategy !== 'None')
    errors.push(invalidField(specPath.child('conversion', 'strategy'), strategy, 'must be None if spec.preserveUnknownFields is true'));
  if (old?.preserveUnknownFields) return errors;
  const detail = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [...errors, invalidField(at, true, detail)];
}

function validateStoredVersions({ spec, status }: Definition): FieldError[] {
  const at = path('status', 'storedVersions');
  const { storedVersions } = status;
  if (!storedVersions?.length) return [invalidField(at, storedVersions ?? null, 'must have at least one stored version')];
  // Each version that is stored is found once, whichever has its name first.
  const remaining = new Map(storedVersions.map((version, i) => [version, i]));
  const unstored = (spec.versions ?? []).flatMap(({ name, storage }) =>
    remaining.delete(name) || !storage ? [] : [invalidField(at, storedVersions, `must have the storage version ${name}`)],
  );
  const lost = [...remaining].map(([version, i]) => {
    const detail =
      `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a ` +
      `storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    return invalidField(at.index(i), version, detail);
  });
  return [...unstored, ...lost];
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
  const { spec, status } = definition;
  return [
    ...(old === undefined ? validateGivenNames(definition) : []),
    ...validateGroup(spec.group),
    ...validateEnumerated(spec.scope, specPath.child('scope'), ['Cluster', 'Namespaced']),
    ...validateVersions(spec, old?.spec),
    ...validateNamed(spec.names),
    ...validateSharedParts(spec, old?.spec),
    ...(spec.conversion === undefined ? [] : validateConversion(spec.conversion, old)),
    ...(old === undefined ? [] : validateUpdate(definition, old)),
    ...validateNames(status.acceptedNames, acceptedPath),
    ...validateStoredVersions(definition),
    ...validateApproval(definition, old),
    ...validateUnknownFields(spec, old?.spec),
  ];
}

export function validateDefinitionStatus({ status }: Definition): FieldError[] {
  return validateNames(status.acceptedNames, acceptedPath);
}
