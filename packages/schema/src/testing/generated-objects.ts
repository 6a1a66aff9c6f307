import type { Json } from '@keelson/machinery';
import fc from 'fast-check';
import type { KindSchema } from '../kind.js';
import { messageNameOf } from '../kinds/built-in-kind.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { flatten } from '../table/type-schema.js';

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme', maxLength: 80 }),
  bool: fc.boolean(),
  int32: fc.integer(),
  uint32: fc.nat(),
  int64: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
};

const seconds = fc.integer({ min: -62_135_596_799, max: 253_402_300_799 });
const jsonObject = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function forms(table: MessageTable, depth: number): fc.Arbitrary<unknown> | undefined {
  const schema = () =>
    generatedMessages(messageTable(`${table.fullName.slice(0, table.fullName.lastIndexOf('.'))}.JSONSchemaProps`), depth - 1);
  switch (table.form) {
    case 'time':
      return seconds.map((value) => new Date(value * 1000).toISOString().replace('.000Z', 'Z'));
    case 'microTime':
      return fc.tuple(seconds, fc.nat(999_999)).map(([value, micros]) => {
        return new Date(value * 1000).toISOString().replace('.000Z', `.${String(micros).padStart(6, '0')}Z`);
      });
    case 'duration':
      return fc.integer({ min: 0, max: 1e6 }).map((value) => `${value}h0m1s`.replace(/^0h0m/, ''));
    case 'quantity':
      return fc
        .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('', 'm', 'k', 'Mi', 'Gi'))
        .map(([value, suffix]) => `${value}${suffix}`);
    case 'intOrString':
      return fc.oneof(fc.integer(), fc.string());
    case 'rawExtension':
    case 'fieldsV1':
    case 'unknown':
      return jsonObject;
    case 'json':
      return fc
        .jsonValue()
        .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        .filter((value) => value !== null);
    case 'stringList':
      return fc.array(fc.string(), { maxLength: 3 });
    case 'inlineMap':
      return fc.dictionary(fc.string(), fc.constant({}), { maxKeys: 3 });
    case 'jsonSchemaPropsOrBool':
      return depth > 0 ? fc.oneof(fc.boolean(), schema()) : fc.boolean();
    case 'jsonSchemaPropsOrArray':
      return depth > 0 ? fc.oneof(schema(), fc.array(schema(), { minLength: 1, maxLength: 2 })) : fc.constant({});
    case 'jsonSchemaPropsOrStringArray':
      return fc.array(fc.string(), { minLength: 1, maxLength: 3 });
    default:
      return undefined;
  }
}

/** JSON objects of a message, with any of its fields. They nest `depth` messages deep. */
export function generatedMessages(table: MessageTable, depth: number): fc.Arbitrary<unknown> {
  const form = forms(table, depth);
  if (form) return form;
  const members = [...flatten(table)].map(([, field]) => [field.name, values(field, depth)] as const);
  return fc.record(Object.fromEntries(members.filter((member): member is [string, fc.Arbitrary<unknown>] => member[1] !== undefined)), {
    requiredKeys: [],
  });
}

function values(field: MessageField, depth: number): fc.Arbitrary<unknown> | undefined {
  if (field.message !== undefined && depth === 0 && messageTable(field.message).form === undefined) return undefined;
  const value = field.message === undefined ? scalars[field.scalar ?? ''] : generatedMessages(messageTable(field.message), depth - 1);
  if (!value) throw new Error(`no values for ${field.name}`);
  // Where a list is always printed, an empty one is null once it is stored.
  const minLength = field.presence === 'always' ? 1 : 0;
  if (field.cardinality === 'list') return fc.array(value, { minLength, maxLength: 2 });
  return field.cardinality === 'map' ? fc.dictionary(fc.string({ maxLength: 12 }), value, { maxKeys: 3 }) : value;
}

/** Canonical objects of a kind, with any of its fields. */
export function generatedObjects<T extends object>(kind: KindSchema<T>, depth: number): fc.Arbitrary<T> {
  return generatedMessages(messageTable(messageNameOf(kind as KindSchema<object>)), depth).map((json) => kind.codec.fromJson(json as Json));
}
