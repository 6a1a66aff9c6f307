import type { Json } from '@keelson/machinery';
import { tables } from '../gen/tables.js';
import type { ListType, ScalarKind, SpecialForm } from '../schema.js';

/** When a field is printed and when it is on the wire; proto/k8s/options.proto says what each means. */
export type Presence = 'omitEmpty' | 'always' | 'pointer' | 'nullable' | 'omitZero';

/** A field as proto/ declares it: inlined sub-messages are still one field. */
export interface MessageField {
  /** JSON name; unused where the field is inline. */
  readonly name: string;
  readonly number: number;
  readonly cardinality: 'one' | 'list' | 'map';
  /** Exactly one of `scalar` and `message` is set. */
  readonly scalar?: ScalarKind;
  /** Full name of the message. */
  readonly message?: string;
  readonly presence: Presence;
  readonly inline: boolean;
  readonly required: boolean;
  /** Gone from current kinds; kinds that are gone themselves still have it. */
  readonly removed: boolean;
  /** Younger than the kinds that are gone: they write it only when it is set. */
  readonly late: boolean;
  readonly default?: Json;
  readonly enum?: readonly string[];
  readonly listType?: ListType;
  readonly listMapKeys: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  readonly patchStrategy: readonly string[];
  readonly patchMergeKey?: string;
  /** Type name in decoding errors, where it does not follow from the type. */
  readonly goType?: string;
  /** OpenAPI v3 has nothing beside the reference to the message. */
  readonly bareReference: boolean;
  /** The elements are whole objects: JSON prints them with this apiVersion and their kind. */
  readonly embeddedApiVersion?: string;
}

/** A message as proto/ declares it. */
export interface MessageTable {
  /** `core.v1.PodSpec` */
  readonly fullName: string;
  /** `PodSpec` */
  readonly name: string;
  /** OpenAPI definition name: `io.k8s.api.core.v1.PodSpec`. */
  readonly definition: string;
  /** Name of the type in decoding errors: `v1.PodSpec`. */
  readonly goType: string;
  readonly form?: SpecialForm;
  readonly atomic: boolean;
  /** Kubernetes v1.34 no longer has the message. */
  readonly gone: boolean;
  /** Where the message is a kind; `*` is every group-version. */
  readonly apiVersions: readonly string[];
  /** Discriminated union: the discriminator, then `field=value` pairs. */
  readonly union?: readonly string[];
  /** In the order of JSON output. */
  readonly fields: readonly MessageField[];
}

type FieldRow = [name: string, number: number, type: string, flags: string, extras?: FieldExtras];
interface FieldExtras {
  d?: Json;
  e?: string[];
  l?: ListType;
  k?: string[];
  m?: 'atomic' | 'granular';
  p?: string[];
  y?: string;
  t?: string;
  v?: string;
}
interface MessageRow {
  d: string;
  f: FieldRow[];
  s?: string;
  a?: 1;
  g?: 1;
  v?: string[];
  u?: string[];
}

const presences: Readonly<Record<string, Presence>> = { e: 'omitEmpty', a: 'always', p: 'pointer', n: 'nullable', z: 'omitZero' };
const cardinalities = { o: 'one', l: 'list', m: 'map' } as const;
const forms: Readonly<Record<string, SpecialForm>> = {
  TIME: 'time',
  MICRO_TIME: 'microTime',
  DURATION: 'duration',
  QUANTITY: 'quantity',
  INT_OR_STRING: 'intOrString',
  RAW_EXTENSION: 'rawExtension',
  UNKNOWN: 'unknown',
  FIELDS_V1: 'fieldsV1',
  JSON_VALUE: 'json',
  SCHEMA_OR_BOOL: 'jsonSchemaPropsOrBool',
  SCHEMA_OR_ARRAY: 'jsonSchemaPropsOrArray',
  SCHEMA_OR_STRING_ARRAY: 'jsonSchemaPropsOrStringArray',
  STRING_LIST: 'stringList',
  INLINE_MAP: 'inlineMap',
};

const packages = new Map<string, ReadonlyMap<string, MessageTable>>();

/** All messages of a package, `core.v1`, by name. Parsed on first use. */
export function packageTables(packageName: string): ReadonlyMap<string, MessageTable> {
  const known = packages.get(packageName);
  if (known) return known;
  const text = tables[packageName];
  if (text === undefined) throw new Error(`no schema for package ${packageName}`);
  const rows = JSON.parse(text) as Record<string, MessageRow>;
  const read = new Map(Object.entries(rows).map(([name, row]) => [name, readMessage(packageName, name, row)]));
  packages.set(packageName, read);
  return read;
}

/** The table of one message by its full name, `core.v1.PodSpec`. */
export function messageTable(fullName: string): MessageTable {
  const dot = fullName.lastIndexOf('.');
  const table = packageTables(fullName.slice(0, dot)).get(fullName.slice(dot + 1));
  if (!table) throw new Error(`no schema for message ${fullName}`);
  return table;
}

function readMessage(packageName: string, name: string, row: MessageRow): MessageTable {
  const form = row.s === undefined ? undefined : forms[row.s];
  return {
    fullName: `${packageName}.${name}`,
    name,
    definition: `${row.d}.${name}`,
    goType: `${row.d.slice(row.d.lastIndexOf('.') + 1)}.${name}`,
    ...(form && { form }),
    atomic: row.a === 1,
    gone: row.g === 1,
    apiVersions: row.v ?? [],
    ...(row.u && { union: row.u }),
    fields: row.f.map((field) => readField(packageName, field)),
  };
}

function readField(packageName: string, [name, number, type, flags, extras = {}]: FieldRow): MessageField {
  return {
    name,
    number,
    cardinality: cardinalities[flags[0] as keyof typeof cardinalities],
    ...typeOf(packageName, type),
    presence: presences[flags[1] ?? ''] ?? 'omitEmpty',
    inline: flags.includes('i'),
    required: flags.includes('r'),
    removed: flags.includes('x'),
    late: flags.includes('t'),
    bareReference: flags.includes('b'),
    ...(extras.d !== undefined && { default: extras.d }),
    ...(extras.e && { enum: extras.e }),
    ...(extras.l && { listType: extras.l }),
    listMapKeys: extras.k ?? [],
    ...(extras.m && { mapType: extras.m }),
    patchStrategy: extras.p ?? [],
    ...(extras.y && { patchMergeKey: extras.y }),
    ...(extras.t && { goType: extras.t }),
    ...(extras.v && { embeddedApiVersion: extras.v }),
  };
}

/** Scalars begin with a small letter and have no dot; a message without a dot is of the same package. */
function typeOf(packageName: string, type: string): { scalar: ScalarKind } | { message: string } {
  if (type.includes('.')) return { message: type };
  return /^[a-z]/.test(type) ? { scalar: type as ScalarKind } : { message: `${packageName}.${type}` };
}
