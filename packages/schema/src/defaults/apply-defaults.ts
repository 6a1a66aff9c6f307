import type { Json } from '@keelson/machinery';
import type { KindSchema } from '../kind.js';
import type { FieldSchema, TypeSchema } from '../schema.js';

/** Fills in the static defaults of an object in canonical form, in place. */
type Defaulter = (object: Record<string, unknown>) => void;

const nothingToDo: Defaulter = () => undefined;

const defaulters = new WeakMap<TypeSchema, Defaulter>();

/** Fills in what the schema declares as defaults (not those that depend on other fields), in place. */
export function applyDefaults<T extends object>(kind: KindSchema<T>, object: T): void {
  defaulterOf(kind.type)(object as Record<string, unknown>);
}

/** Made once per type, and of those parts alone that have defaults somewhere below. */
export function defaulterOf(type: TypeSchema): Defaulter {
  const known = defaulters.get(type);
  if (known) return known;
  const defaulter = hasDefaults(type, new Set()) ? compile(type) : nothingToDo;
  defaulters.set(type, defaulter);
  return defaulter;
}

/** Whether a default is declared in the type or below. `above` breaks cycles: what they lead to is looked at anyway. */
function hasDefaults(type: TypeSchema, above: Set<TypeSchema>): boolean {
  if (above.has(type)) return false;
  above.add(type);
  return [...type.fields.values()].some(
    (field) => isEffective(field) || (field.message !== undefined && hasDefaults(field.message, above)),
  );
}

/** A default that changes nothing (zero where absent is zero) is for documentation only. */
function isEffective({ default: value, optional }: FieldSchema): boolean {
  return value !== undefined && (optional || (value !== '' && value !== 0 && value !== false));
}

function compile(type: TypeSchema): Defaulter {
  const own: [string, Json][] = [];
  const below: [string, FieldSchema['cardinality'], TypeSchema][] = [];
  for (const field of type.fields.values()) {
    if (field.default !== undefined && isEffective(field)) own.push([field.name, field.default]);
    if (field.message && hasDefaults(field.message, new Set())) below.push([field.name, field.cardinality, field.message]);
  }
  return (object) => {
    for (const [name, value] of own) object[name] ??= structuredCloneOf(value);
    for (const [name, cardinality, message] of below) applyBelow(object[name], cardinality, message);
  };
}

function structuredCloneOf(value: Json): Json {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

function applyBelow(value: unknown, cardinality: FieldSchema['cardinality'], message: TypeSchema): void {
  if (typeof value !== 'object' || value === null) return;
  const apply = defaulterOf(message);
  if (cardinality === 'one') {
    apply(value as Record<string, unknown>);
    return;
  }
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) apply(item);
}
