import { canonicalText, isObject, type JsonObject, type JsonValue, mapObject, member, pickKeys, valueAt } from './json-value.js';
import { operationsInShort } from './openapi-operations.js';

/** The part of a body that a step compares: `a|0|key=value|prefix*`. Null when there is no such part. */
export function pickPart(body: JsonValue, path: string): JsonValue {
  return path.split('|').reduce<JsonValue>((at, part) => pickOne(at, part) ?? null, body);
}

function pickOne(value: JsonValue, part: string): JsonValue | undefined {
  const exact = member(value, part);
  if (exact !== undefined) return exact;
  if (part.endsWith('*') && isObject(value)) return pickKeys(value, (key) => key.startsWith(part.slice(0, -1)));
  const [path = '', wanted] = part.split(/=(.*)/s);
  if (wanted === undefined || !Array.isArray(value)) return undefined;
  return value.find((item) => String(valueAt(item, path)) === wanted);
}

/** Views that the rest of normalization looks at; they leave the body alone. */
const marks: ReadonlySet<string> = new Set(['norv', 'columns', 'raw']);

/** Applies one `norm` view to a body. */
export function applyView(body: JsonValue, view: string): JsonValue {
  if (marks.has(view)) return body;
  const [name = '', argument] = view.split(/:(.*)/s);
  const apply = argument === undefined ? plainViews.get(name) : (value: JsonValue) => viewsWithArgument.get(name)?.(value, argument);
  const seen = apply?.(body);
  if (seen === undefined) throw new Error(`unknown view ${view}`);
  return seen;
}

const plainViews: ReadonlyMap<string, (body: JsonValue) => JsonValue> = new Map([
  ['names', sortedNames],
  ['keys', (body) => (isObject(body) ? Object.keys(body).sort() : body)],
  ['groups', builtInGroupsOnly],
  ['nodesc', withoutDescriptions],
  ['ops', operationsInShort],
  ['onlyhead', openApiHead],
  ['version', (body) => (isObject(body) ? mapObject(body, () => '<string>') : body)],
]);

const viewsWithArgument: ReadonlyMap<string, (body: JsonValue, argument: string) => JsonValue> = new Map([
  ['drop', (body, path) => editAt(body, path.split('|'), () => undefined)],
  ['mask', (body, path) => editAt(body, path.split('|'), () => '<masked>')],
  ['sort', (body, path) => editAt(body, path.split('|'), sortedList)],
  ['group', (body, name) => (Array.isArray(body) ? (body.find((item) => groupName(item) === name) ?? null) : body)],
  ['own', ownSchemas],
]);

/** Changes the value at a path where there is one; `edit` gives undefined to remove it. */
function editAt(value: JsonValue, path: readonly string[], edit: (value: JsonValue) => JsonValue | undefined): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(value) || !Object.hasOwn(value, key)) return value;
  const old = value[key] as JsonValue;
  const edited = rest.length === 0 ? edit(old) : editAt(old, rest, edit);
  if (edited === undefined) return pickKeys(value, (other) => other !== key);
  return mapObject(value, (other, otherKey) => (otherKey === key ? edited : other));
}

function sortedList(value: JsonValue): JsonValue {
  return Array.isArray(value) ? [...value].sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1)) : value;
}

/** A list as its kind and the sorted names of its items; an error stays as it is. */
function sortedNames(body: JsonValue): JsonValue {
  const items = member(body, 'items');
  if (!isObject(body) || items === undefined) return body;
  const names = Array.isArray(items) ? items.map((item) => String(valueAt(item, 'metadata.name'))).sort() : items;
  return { kind: body.kind ?? null, names };
}

function groupName(group: JsonValue): JsonValue | undefined {
  return valueAt(group, 'metadata.name') ?? member(group, 'name');
}

/** Discovery without the groups of custom resources that other cases have made meanwhile. */
function builtInGroupsOnly(body: JsonValue): JsonValue {
  const keep = (list: JsonValue) => (Array.isArray(list) ? list.filter((group) => isBuiltIn(String(groupName(group) ?? ''))) : list);
  return ['groups', 'items'].reduce((seen, key) => editAt(seen, [key], keep), body);
}

function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** Without descriptions; a property that is called "description" has a schema there, not a text. */
function withoutDescriptions(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (!isObject(value)) return value;
  const kept: JsonObject = pickKeys(value, (key, text) => key !== 'description' || typeof text !== 'string');
  return mapObject(kept, withoutDescriptions);
}

/** Only the schemas of one group and version, which have both in their names. */
function ownSchemas(body: JsonValue, groupVersion: string): JsonValue {
  const [group = '', version = ''] = groupVersion.split('/');
  const part = `.${group.split('.')[0]}.${version}.`;
  return isObject(body) ? pickKeys(body, (key) => key.includes(part)) : body;
}

function openApiHead(body: JsonValue): JsonValue {
  const present = (at: JsonValue, key: string) => editAt(at, [key], () => '<present>');
  return editAt(['components', 'definitions', 'paths'].reduce(present, body), ['info', 'version'], () => '<version>');
}
