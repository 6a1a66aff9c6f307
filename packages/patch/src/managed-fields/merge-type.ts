import type { Json } from '@keelson/machinery';
import type { FieldSchema, ScalarKind, SpecialForm, TypeSchema } from '@keelson/schema';
import { fieldElement, type PathElement } from './path-element.js';

/** How server-side apply sees a value: what is owned as a whole, and what is owned part by part. */
export type MergeType = ScalarType | StructType | MapType | ListType | AnyType | OpaqueType;

export interface ScalarType {
  readonly form: 'scalar';
  readonly scalar: 'string' | 'numeric' | 'boolean' | 'untyped';
}

export interface MapType {
  readonly form: 'map';
  readonly atomic: boolean;
  readonly values: MergeType;
}

export interface ListType {
  readonly form: 'list';
  readonly relation: 'atomic' | 'set' | 'map';
  /** Of a `map`: what identifies an item, in ascending order of name. */
  readonly keys: readonly ListKey[];
  readonly items: MergeType;
}

export interface ListKey {
  readonly name: string;
  /** Counts when an item lacks the key. */
  readonly default?: Json;
}

/** No schema: objects are owned member by member, lists as a whole. */
export interface AnyType {
  readonly form: 'any';
}

/** Anything, owned as a whole: what a built-in kind embeds without looking inside. */
export interface OpaqueType {
  readonly form: 'opaque';
}

export interface StructField {
  readonly name: string;
  readonly element: PathElement;
  readonly type: MergeType;
  /** The name is also one of `Object.prototype`: reading must look at own members only. */
  readonly shadowed: boolean;
}

/** An object with declared fields. They are compiled on first use: schemas are recursive, and most are never needed. */
export class StructType {
  readonly form = 'struct';
  readonly atomic: boolean;
  /** Members without a declared field are allowed, and have no schema: so are all where none is declared. */
  readonly open: boolean;
  readonly #schema: TypeSchema;
  readonly #typeMeta: boolean;
  #fields: readonly StructField[] | undefined;
  #byName: ReadonlyMap<string, StructField> | undefined;

  constructor(schema: TypeSchema, atomic: boolean, typeMeta: boolean) {
    this.#schema = schema;
    this.atomic = atomic;
    this.open = schema.preserveUnknownFields === true || schema.fields.size === 0;
    this.#typeMeta = typeMeta;
  }

  /** In ascending order of name, the order of FieldsV1. */
  get fields(): readonly StructField[] {
    this.#fields ??= this.#compile();
    return this.#fields;
  }

  field(name: string): StructField | undefined {
    this.#byName ??= new Map(this.fields.map((field) => [field.name, field]));
    return this.#byName.get(name);
  }

  #compile(): StructField[] {
    const fields = [...this.#schema.fields.values()].map((field) => structField(field.name, fieldType(field)));
    if (this.#typeMeta) {
      for (const name of ['apiVersion', 'kind']) {
        if (!this.#schema.fields.has(name)) fields.push(structField(name, scalars.string));
      }
    }
    return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

const scalars = {
  string: { form: 'scalar', scalar: 'string' },
  numeric: { form: 'scalar', scalar: 'numeric' },
  boolean: { form: 'scalar', scalar: 'boolean' },
  untyped: { form: 'scalar', scalar: 'untyped' },
} as const satisfies Record<ScalarType['scalar'], ScalarType>;

export const anyType: AnyType = { form: 'any' };
const opaqueType: OpaqueType = { form: 'opaque' };
const atomicStrings: ListType = { form: 'list', relation: 'atomic', keys: [], items: scalars.string };

const scalarTypes: Readonly<Record<ScalarKind, ScalarType>> = {
  string: scalars.string,
  bytes: scalars.string,
  bool: scalars.boolean,
  int32: scalars.numeric,
  int64: scalars.numeric,
  uint32: scalars.numeric,
  double: scalars.numeric,
  float: scalars.numeric,
};

const specialTypes: Readonly<Partial<Record<SpecialForm, MergeType>>> = {
  time: scalars.untyped,
  microTime: scalars.untyped,
  duration: scalars.string,
  quantity: scalars.untyped,
  stringList: atomicStrings,
  json: anyType,
};

const structs = new WeakMap<TypeSchema, StructType>();
const atomicStructs = new WeakMap<TypeSchema, StructType>();
const objects = new WeakMap<TypeSchema, StructType>();

/** The merge type of a whole API object, which besides its fields has `apiVersion` and `kind`. */
export function objectType(schema: TypeSchema): StructType {
  return remembered(objects, schema, () => new StructType(schema, false, true));
}

function fieldType(field: FieldSchema): MergeType {
  switch (field.cardinality) {
    case 'one':
      return valueType(field, field.mapType ?? field.message?.mapType);
    case 'map':
      return { form: 'map', atomic: field.mapType === 'atomic', values: valueType(field, field.message?.mapType) };
    case 'list':
      return listType(field);
  }
}

/** What the field says about its value goes before what the value's own type says. */
function valueType({ scalar, message, nested, embedsObjects }: FieldSchema, mapType: FieldSchema['mapType']): MergeType {
  if (scalar) return scalarTypes[scalar];
  if (nested) return fieldType(nested);
  if (!message) return anyType;
  if (message.special) return specialTypes[message.special] ?? opaqueType;
  if (embedsObjects) return objectType(message);
  const known = mapType === 'atomic' ? atomicStructs : structs;
  return remembered(known, message, () => new StructType(message, known === atomicStructs, false));
}

/** Types of before list types existed say with their patch strategy how they merge. */
function listType(field: FieldSchema): ListType {
  const items = valueType(field, field.message?.mapType);
  const relation = field.listType ?? inheritedListType(field);
  if (relation !== 'map') return { form: 'list', relation, keys: [], items };
  const names = field.listType ? field.listMapKeys : [field.patchMergeKey as string];
  const keys = [...names].sort().map((name) => listKey(name, field.message?.fields.get(name)));
  return { form: 'list', relation, keys, items };
}

function inheritedListType({ patchStrategy, patchMergeKey }: FieldSchema): ListType['relation'] {
  if (!patchStrategy.has('merge')) return 'atomic';
  return patchMergeKey === undefined ? 'set' : 'map';
}

/** An item that leaves a key out has the key's default, or nothing where there is always a value. */
function listKey(name: string, key: FieldSchema | undefined): ListKey {
  const value = key?.default ?? key?.zero;
  return { name, ...(value !== undefined && { default: value }) };
}

function structField(name: string, type: MergeType): StructField {
  return { name, element: fieldElement(name), type, shadowed: name in Object.prototype };
}

function remembered<K extends object, V>(cache: WeakMap<K, V>, key: K, make: () => V): V {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}
