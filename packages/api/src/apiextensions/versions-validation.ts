import { dns1035Label, type FieldError, type FieldPath, forbiddenField, invalidField, path, required } from '@keelson/machinery';
import { additionalOf, type apiextensions, internalForm, itemsOf, type JsonSchema } from '@keelson/schema';
import { validateDefaults } from './defaults-validation.js';
import { type Placed, placedParts, shownVersions } from './definition-layout.js';
import { validateRuleExpressions } from './rule-expressions-validation.js';
import { schemaHas } from './schema-has.js';
import { type Demands, validateSchemaRules } from './schema-rules-validation.js';
import { schemasOf } from './schemas-of.js';
import { validateSelectableFields } from './selectable-fields-validation.js';
import { isUnstructurable, validateStructural } from './structural-validation.js';
import { validateColumn, validateDeprecation, validateSubresources } from './version-parts-validation.js';

type Spec = apiextensions.v1.CustomResourceDefinitionSpec;

const at = path('spec', 'versions');

/** What each version says for itself, and all of them together. Rules are kept by new definitions, and by old ones that kept them. */
export function validateVersions(spec: Spec, old: Spec | undefined): FieldError[] {
  const versions = spec.versions ?? [];
  const validateParts = partsValidation(spec, old);
  return [
    ...versions.flatMap(({ schema }, i) => (schema?.openAPIV3Schema ? [] : [required(at.index(i).child('schema', 'openAPIV3Schema'))])),
    ...versions.flatMap((version, i) => [
      ...validateVersionName(version.name, at.index(i).child('name')),
      ...validateDeprecation(version, at.index(i)),
      ...validateParts((part) => part.isOwn && part.version === version),
    ]),
    ...validateTogether(spec),
  ];
}

/** What is the same in all versions and so stands beside them. */
export function validateSharedParts(spec: Spec, old: Spec | undefined): FieldError[] {
  return partsValidation(spec, old)(({ isOwn }) => !isOwn);
}

function validateVersionName(name: string, here: FieldPath): FieldError[] {
  const details = dns1035Label(name);
  return details.length === 0 ? [] : [invalidField(here, name, details.join(','))];
}

/** Judges those parts of a definition that are meant. */
function partsValidation(spec: Spec, old: Spec | undefined) {
  const structured = demandsStructure(spec, old);
  return (isMeant: (part: Placed<unknown>) => boolean): FieldError[] => [
    ...placedParts(spec, 'schema')
      .filter(isMeant)
      .flatMap(({ value: { openAPIV3Schema: schema }, at: here, isOwn, version }) => {
        const hasStatus = (isOwn ? [version] : (spec.versions ?? [])).some(({ subresources }) => subresources?.status !== undefined);
        const before = old?.versions?.find(({ name }) => name === version.name)?.schema?.openAPIV3Schema;
        if (schema === undefined) return [];
        return validateSchema(schema, here.child('openAPIV3Schema'), { hasStatus, old, before, structured });
      }),
    ...placedParts(spec, 'subresources')
      .filter(isMeant)
      .flatMap(({ value, at: here }) => validateSubresources(value, here)),
    ...placedParts(spec, 'columns')
      .filter(isMeant)
      .flatMap(({ value, at: here }) => value.flatMap((column, i) => validateColumn(column, here.index(i)))),
    ...placedParts(spec, 'selectableFields')
      .filter(isMeant)
      .flatMap((placed) => {
        const schema = schemaBeside(spec, placed);
        return schema === undefined ? [withoutSchema(placed)] : validateSelectableFields(placed.value, schema, placed.at);
      }),
  ];
}

/** The schema that stands where a part does: with the version that it is of, or with all of them. */
function schemaBeside(spec: Spec, { isOwn, version }: Placed<unknown>): JsonSchema | undefined {
  const beside = placedParts(spec, 'schema').find((schema) => schema.isOwn === isOwn && (!isOwn || schema.version === version));
  return beside?.value.openAPIV3Schema;
}

function withoutSchema({ at: here, isOwn }: Placed<unknown>): FieldError {
  const where = isOwn ? '`version.schema.openAPIV3Schema` is not included' : 'validations.schema is included';
  return invalidField(here, '', `may only be set when ${where}`);
}

function validateTogether(spec: Spec): FieldError[] {
  const versions = spec.versions ?? [];
  const internal = (version: apiextensions.v1.CustomResourceDefinitionVersion) =>
    internalForm('apiextensions.v1.CustomResourceDefinitionVersion', version);
  const shown = () => spec.versions && shownVersions(spec).map(internal);
  const errors: FieldError[] = [];
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalidField(at, shown() ?? null, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalidField(at, shown() ?? null, 'must have exactly one version marked as storage version'));
  // Inside Kubernetes a definition has a version of its own, too, which is that of the first one.
  const [{ name } = { name: '' }] = versions;
  return name === '' ? errors : [...errors, ...validateVersionName(name, path('spec', 'version'))];
}

/** What the root of a schema may say where the status is written apart from the rest. */
const allowedAtRoot = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];

/** The schema of a kind alone, as that of a new definition. */
export function validateKindSchema(schema: JsonSchema, at: FieldPath): FieldError[] {
  return validateSchema(schema, at, { hasStatus: false, old: undefined, before: undefined, structured: true });
}

interface SchemaContext {
  readonly hasStatus: boolean;
  readonly old: Spec | undefined;
  /** The schema that the version had. */
  readonly before: JsonSchema | undefined;
  /** Whether it must be structural. */
  readonly structured: boolean;
}

function validateSchema(schema: JsonSchema, here: FieldPath, { hasStatus, old, before, structured }: SchemaContext): FieldError[] {
  const structural = isUnstructurable(schema) || !structured ? [] : validateStructure(schema, here, old);
  const ofRules = validateSchemaRules(schema, here, demandsOn(old, here));
  const canEvaluate = structured && structural.length === 0 && !isUnstructurable(schema);
  const errors = [
    ...(hasStatus ? validateRoot(schema, here) : []),
    ...(schema.nullable ? [forbiddenField(here.child('nullable'), 'nullable cannot be true at the root')] : []),
    ...structural,
    ...ofRules,
    ...(canEvaluate ? validateRuleExpressions(schema, here, { rules: rulesOf(old), schema: before }, ofRules) : []),
  ];
  // All else that has no place in a structure is told of by other rules.
  if (errors.length > 0 || !structured || !isUnstructurable(schema)) return errors;
  return [invalidField(here, '', "OpenAPIV3Schema 'schema' is not supported")];
}

/**
 * What was stored before schemas had to be structural may stay as it was, unless it is changed to have what needs a structure:
 * pruning, defaults, extensions.
 */
function demandsStructure(spec: Spec, old: Spec | undefined): boolean {
  if (!spec.preserveUnknownFields || schemasOf(spec).some((schema) => schemaHas(schema, needsStructure))) return true;
  return !breaks(old, (schema) => isUnstructurable(schema) || validateStructural(schema, at).length > 0);
}

function needsStructure(schema: JsonSchema): boolean {
  const { 'x-kubernetes-list-map-keys': keys = [], 'x-kubernetes-validations': rules = [] } = schema;
  return (
    schema.default !== undefined ||
    schema['x-kubernetes-embedded-resource'] === true ||
    schema['x-kubernetes-int-or-string'] === true ||
    schema['x-kubernetes-preserve-unknown-fields'] !== undefined ||
    schema['x-kubernetes-list-type'] !== undefined ||
    [...(keys ?? []), ...(rules ?? [])].length > 0
  );
}

/** Defaults have a meaning only in a structure that is in order. */
function validateStructure(schema: JsonSchema, here: FieldPath, old: Spec | undefined): FieldError[] {
  const errors = validateStructural(schema, here);
  if (errors.length > 0) return errors;
  return validateDefaults(schema, here, !breaks(old, (one) => validateDefaults(one, here, true).length > 0));
}

/** The rules that a definition has, as JSON. */
function rulesOf(old: Spec | undefined): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const schema of old === undefined ? [] : schemasOf(old)) collectRules(schema, rules);
  return rules;
}

function collectRules(schema: JsonSchema, rules: Set<string>): void {
  for (const rule of schema['x-kubernetes-validations'] ?? []) rules.add(JSON.stringify(rule));
  for (const part of [...Object.values(schema.properties ?? {}), itemsOf(schema), additionalOf(schema)])
    if (part !== undefined) collectRules(part, rules);
}

function validateRoot(schema: JsonSchema, here: FieldPath): FieldError[] {
  if (schema.type && schema.type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalidField(here.child('type'), schema.type, detail)];
  }
  // Properties are allowed: what is in them does not matter until the whole is to be shown.
  const outline: JsonSchema = schema.properties ? { ...schema, properties: {} } : schema;
  const form = internalForm('apiextensions.v1.JSONSchemaProps', outline) as Record<string, unknown>;
  const isSaid = (value: unknown) => value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
  if (Object.entries(form).every(([name, value]) => !isSaid(value) || allowedAtRoot.includes(name))) return [];
  const detail = `only [${allowedAtRoot.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [invalidField(here, internalForm('apiextensions.v1.JSONSchemaProps', schema), detail)];
}

const EVERYTHING: Demands = { knownTypes: true, atomicSets: true, presentMapKeys: true };
const NOTHING: Demands = { knownTypes: false, atomicSets: false, presentMapKeys: false };

/** Each rule that came later is demanded unless the old definition breaks it. */
function demandsOn(old: Spec | undefined, here: FieldPath): Demands {
  if (old === undefined) return EVERYTHING;
  const broken = (demand: keyof Demands) => {
    const with_ = (demands: Demands) => schemasOf(old).reduce((sum, schema) => sum + validateSchemaRules(schema, here, demands).length, 0);
    return with_({ ...NOTHING, [demand]: true }) > with_(NOTHING);
  };
  return { knownTypes: !broken('knownTypes'), atomicSets: !broken('atomicSets'), presentMapKeys: !broken('presentMapKeys') };
}

function breaks(old: Spec | undefined, isBroken: (schema: JsonSchema) => boolean): boolean {
  return old !== undefined && schemasOf(old).some(isBroken);
}
