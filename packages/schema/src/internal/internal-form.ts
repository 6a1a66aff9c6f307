import type { Json } from '@keelson/machinery';
import { shownAsSent } from '../codec/sent-empty.js';
import { sortedKeys } from '../codec/sorted-keys.js';
import type { SpecialForm } from '../schema.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { internalName, internalOrder } from './internal-names.js';

type Fields = { [name: string]: Json };

/**
 * An object by the names, and in the order, that its fields have inside Kubernetes, with everything that is not set:
 * messages about whole objects show them so. `message` is the full name of its type, `core.v1.PodSpec`.
 */
export function internalForm(message: string, object: object): Json {
  if (isShownAsItIs(message)) return object as Json;
  const table = messageTable(message);
  const special = table.form === undefined ? undefined : schemaForms[table.form];
  if (special !== undefined) return special(object as Json);
  const form: Fields = {};
  addFields(form, table, object as Fields);
  return message === 'core.v1.PodSpec' ? withHostFields(form, object as Fields) : form;
}

const schemaForm = (schema: Json): Json => internalForm('apiextensions.v1.JSONSchemaProps', schema as Fields);

/** What stands in a schema as one of several forms, by the members that there are for each of them inside. */
const schemaForms: Readonly<Partial<Record<SpecialForm, (value: Json) => Json>>> = {
  json: (value) => value,
  jsonSchemaPropsOrBool: (value) =>
    typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: schemaForm(value) },
  jsonSchemaPropsOrArray: (value) =>
    Array.isArray(value) ? { Schema: null, JSONSchemas: value.map(schemaForm) } : { Schema: schemaForm(value), JSONSchemas: null },
  jsonSchemaPropsOrStringArray: (value) =>
    Array.isArray(value) ? { Schema: null, Property: value } : { Schema: schemaForm(value), Property: null },
};

/** Types without an internal twin. */
function isShownAsItIs(message: string): boolean {
  return message.startsWith('meta.v1.') || message.startsWith('machinery.');
}

function addFields(form: Fields, table: MessageTable, object: Fields): void {
  for (const field of internalOrder(table.fullName, table.fields)) {
    if (field.removed) continue;
    if (field.inline && field.message !== undefined) addFields(form, messageTable(field.message), object);
    else if (field.message === 'meta.v1.ObjectMeta') Object.assign(form, object[field.name]);
    else form[internalName(table.fullName, field.name)] = shown(field, shownAsSent(object, field.name) as Json);
  }
}

function shown(field: MessageField, value: Json | undefined): Json {
  if (value === undefined || value === null) return unset(field);
  const { message } = field;
  if (field.cardinality === 'map') return shownMap(message, value as Fields);
  if (message === undefined) return value;
  if (field.cardinality === 'one') return internalForm(message, value as Fields);
  return (value as Fields[]).map((item) => internalForm(message, item));
}

/** Keys in order, in which what was completed on the way no longer is. */
function shownMap(message: string | undefined, map: Fields): Json {
  const form = (item: Json | undefined) => (message === undefined ? (item ?? null) : internalForm(message, item as Fields));
  return Object.fromEntries(sortedKeys(map).map((key) => [key, form(map[key])]));
}

const zeros: Readonly<Record<string, Json>> = { string: '', bool: false, bytes: null };
const zeroForms: Readonly<Record<string, Json>> = { 'machinery.Quantity': '0', 'machinery.IntOrString': 0 };

function unset({ cardinality, presence, scalar, message }: MessageField): Json {
  if (cardinality !== 'one' || presence === 'pointer' || presence === 'nullable') return null;
  if (scalar !== undefined) return scalar in zeros ? (zeros[scalar] ?? null) : 0;
  if (message === undefined) return null;
  if (message === 'meta.v1.Time' || message === 'meta.v1.MicroTime') return null;
  return message.startsWith('machinery.') ? (zeroForms[message] ?? null) : internalForm(message, {});
}

/** What pods share with their host is part of the security context inside, and that is always there. */
function withHostFields(form: Fields, { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }: Fields): Fields {
  const shared = {
    HostNetwork: hostNetwork ?? false,
    HostPID: hostPID ?? false,
    HostIPC: hostIPC ?? false,
    ShareProcessNamespace: shareProcessNamespace ?? null,
    HostUsers: hostUsers ?? null,
  };
  const own = (form.SecurityContext ?? internalForm('core.v1.PodSecurityContext', {})) as Fields;
  return { ...form, SecurityContext: { ...shared, ...own } };
}
