import { badRequest, type FieldSelector, type LabelSelector, parseFieldSelector, parseLabelSelector, quote } from '@keelson/machinery';
import type { KeyRange, Selection, StoredObject } from '@keelson/storage';
import { isUninitialized } from '../initializers/is-uninitialized.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { hasOwnFields } from '../resource/selectable-fields.js';
import type { Target } from './target.js';

/** Which part of a resource a list, watch or deletecollection reads. */
export interface Scope {
  readonly range: KeyRange;
  readonly selection: Selection | undefined;
}

const initialized: Selection = { matches: (object) => !isUninitialized(object) };

/** Leaves out what waits for initializers. */
function initializedOnly({ range, selection }: Scope): Scope {
  if (selection === undefined) return { range, selection: initialized };
  return { range, selection: { ...selection, matches: (object) => selection.matches(object) && initialized.matches(object) } };
}

const everything = { range: { path: '' }, selection: undefined };

/** Reads selectors and namespace; throws 400 with the parser's words. */
export function selectedScope(target: Target, labelSelector: string, fieldSelector: string): Scope {
  const scope = scopeOf(target, labelSelector, fieldSelector);
  return target.uninitialized === 'hidden' ? initializedOnly(scope) : scope;
}

function scopeOf(target: Target, labelSelector: string, fieldSelector: string): Scope {
  const { version, info } = target;
  const labels = labelSelector === '' ? undefined : parseLabelSelector(labelSelector);
  const fields = fieldSelector === '' ? undefined : hubFields(version, parseFieldSelector(fieldSelector));
  const range = keyRange(target, fields?.exactValue('metadata.name') ?? info.name);
  if (range === everything.range && labels === undefined && fields === undefined) return everything;
  return { range, selection: selection(labels, fields) };
}

function keyRange({ version, info }: Target, name: string): KeyRange {
  const { namespaced } = version.resource;
  if (name !== '' && (!namespaced || info.namespace !== '')) return { path: version.resource.path(info.namespace, name), exact: true };
  return namespaced && info.namespace !== '' ? { path: `${info.namespace}/` } : everything.range;
}

/** The selector in the hub's field names; throws 400 for what is not selectable. */
function hubFields(version: ResourceVersion, selector: FieldSelector): FieldSelector {
  return selector.map((requirement) => {
    const field = version.selectableFields.get(requirement.field);
    if (field !== undefined) return { ...requirement, field };
    const { definition } = version.resource;
    const text = definition.unsupportedField?.(requirement.field, version);
    throw badRequest(text ?? unknownFieldText(requirement.field, hasOwnFields(definition)));
  });
}

function unknownFieldText(field: string, isOneOfMany: boolean): string {
  if (isOneOfMany) return `field label not supported: ${field}`;
  return `${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** Field values of an object, with those that its key tells. */
function withKeyFields(object: StoredObject): Record<string, string> {
  const slash = object.path.lastIndexOf('/');
  const namespace = slash < 0 ? '' : object.path.slice(0, slash);
  return { ...object.fields, 'metadata.name': object.path.slice(slash + 1), 'metadata.namespace': namespace };
}

function matcher(labels: LabelSelector | undefined, fields: FieldSelector | undefined): Selection['matches'] {
  const usesKey = fields?.requirements.some(({ field }) => field.startsWith('metadata.')) ?? false;
  const matchesFields = usesKey
    ? (object: StoredObject) => fields?.matches(withKeyFields(object))
    : (object: StoredObject) => fields?.matches(object.fields);
  if (fields === undefined) return (object) => labels?.matches(object.labels) ?? true;
  if (labels === undefined) return (object) => matchesFields(object) ?? true;
  return (object) => labels.matches(object.labels) && (matchesFields(object) ?? true);
}

function selection(labels: LabelSelector | undefined, fields: FieldSelector | undefined): Selection | undefined {
  if (labels === undefined && fields === undefined) return undefined;
  return {
    matches: matcher(labels, fields),
    ...(labels && {
      labels: exactValues(
        labels.requirements.map(({ key }) => key),
        labels,
      ),
    }),
    ...(fields && {
      fields: exactValues(
        fields.requirements.map(({ field }) => field),
        fields,
      ),
    }),
  };
}

/** The values that every match has exactly: what an index can be asked for. */
function exactValues(keys: readonly string[], selector: { exactValue(key: string): string | undefined }): Record<string, string> {
  const exact = new Map<string, string>();
  for (const key of keys) {
    const value = selector.exactValue(key);
    if (value !== undefined) exact.set(key, value);
  }
  return Object.fromEntries(exact);
}
