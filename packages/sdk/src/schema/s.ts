import type { Json } from '@keelson/machinery';
import { ListSchema } from './list-schema.js';
import { type Fields, ObjectSchema } from './object-schema.js';
import { NumberSchema, StringSchema } from './scalar-schemas.js';
import { type AnySchema, type Infer, Schema } from './schema.js';

const text = (format?: string) => new StringSchema({ type: 'string', ...(format !== undefined && { format }) }, 'required');
const integer = (format: string) => new NumberSchema({ type: 'integer', format }, 'required');

/** As Kubernetes writes amounts: `100m`, `1.5Gi`, `1e3`. */
const QUANTITY = '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** A condition of a status, as Kubernetes has them (KEP-1623). */
const condition = new ObjectSchema({
  type: text().maxLength(316),
  status: new StringSchema<'True' | 'False' | 'Unknown'>({ type: 'string', enum: ['True', 'False', 'Unknown'] }, 'required'),
  reason: text().minLength(1).maxLength(1024),
  message: text().maxLength(32_768),
  lastTransitionTime: text('date-time'),
  observedGeneration: integer('int64').min(0).optional(),
});

/** Makes schemas: what objects look like, for clients and for the compiler. */
export const s = {
  string: () => text(),
  /** One of these. */
  enum: <const T extends string>(...values: readonly T[]) => new StringSchema<T>({ type: 'string', enum: [...values] }, 'required'),
  boolean: () => new Schema<boolean>({ type: 'boolean' }, 'required'),
  int32: () => integer('int32'),
  /** Exact up to 2^53. */
  int64: () => integer('int64'),
  number: () => new NumberSchema({ type: 'number' }, 'required'),
  /** RFC 3339. */
  dateTime: () => text('date-time'),
  /** An amount, such as `100m` or `2Gi`. */
  quantity: () =>
    new Schema<string | number>(
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: QUANTITY },
      'required',
    ),
  /** Such as a port, by number or by name. */
  intOrString: () =>
    new Schema<string | number>({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'required'),
  object: <F extends Fields>(fields: F) => new ObjectSchema(fields),
  list: <Item extends AnySchema>(item: Item) => new ListSchema(item),
  /** Any names, each with such a value. */
  map: <Value extends AnySchema>(value: Value) =>
    new Schema<Record<string, Infer<Value>>>({ type: 'object', additionalProperties: value.json }, 'required'),
  /** Anything, kept as it is. */
  any: () => new Schema<Json>({ 'x-kubernetes-preserve-unknown-fields': true }, 'required'),
  /** The conditions of a status, known by their type. */
  conditions: () => new ListSchema(condition).mapBy('type'),
};
