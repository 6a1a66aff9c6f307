import type { FieldSchema, ScalarKind, SpecialForm, TypeSchema } from '@keelson/schema';
import type { StructDeclaration, Types } from '../environment/environment.js';
import { BOOL, BYTES, type CelType, DOUBLE, DYN, INT, listOf, mapOf, STRING, structType, TIMESTAMP } from '../types/type.js';
import { escapeName, unescapeName } from './escaped-name.js';

const scalars: Readonly<Record<ScalarKind, CelType>> = {
  string: STRING,
  bytes: BYTES,
  bool: BOOL,
  int32: INT,
  int64: INT,
  uint32: INT,
  double: DOUBLE,
  float: DOUBLE,
};

const forms: Readonly<Partial<Record<SpecialForm, CelType>>> = {
  time: TIMESTAMP,
  microTime: TIMESTAMP,
  duration: STRING,
  quantity: STRING,
  stringList: listOf(STRING),
};

/** The types of the objects of some kinds, as they are published. Types may be recursive: one is made when it is looked at. */
export class ObjectTypes implements Types {
  readonly #schemas = new Map<string, TypeSchema>();
  readonly #structs = new Map<string, StructDeclaration>();

  /** Of whole objects, with `apiVersion` and `kind`. */
  objectType(schema: TypeSchema): CelType {
    const fields = this.#fieldsOf(schema);
    const name = `${schema.name}.object`;
    const typeMeta = new Map([
      ['apiVersion', STRING],
      ['kind', STRING],
    ]);
    this.#structs.set(name, { field: (field) => typeMeta.get(field) ?? fields(field) });
    return structType(name);
  }

  struct(name: string): StructDeclaration | undefined {
    const known = this.#structs.get(name);
    if (known !== undefined) return known;
    const schema = this.#schemas.get(name);
    if (schema === undefined) return undefined;
    const struct = { field: this.#fieldsOf(schema) };
    this.#structs.set(name, struct);
    return struct;
  }

  #fieldsOf({ fields }: TypeSchema): StructDeclaration['field'] {
    return (escaped) => {
      const name = unescapeName(escaped);
      const field = name === undefined || escapeName(name) !== escaped ? undefined : fields.get(name);
      return field && this.#fieldType(field);
    };
  }

  #fieldType(field: FieldSchema): CelType {
    const value = this.#valueType(field);
    if (field.cardinality === 'one') return value;
    return field.cardinality === 'list' ? listOf(value) : mapOf(STRING, value);
  }

  #valueType({ scalar, message, embedsObjects }: FieldSchema): CelType {
    if (scalar !== undefined) return scalars[scalar];
    if (message === undefined) return DYN;
    if (message.special !== undefined) return forms[message.special] ?? DYN;
    if (embedsObjects) return this.objectType(message);
    this.#schemas.set(message.name, message);
    return structType(message.name);
  }
}
