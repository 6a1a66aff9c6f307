import type { Json } from '@keelson/machinery';
import type { FieldSchema, ListType, ScalarKind, SpecialForm, TypeSchema } from '../schema.js';
import { description } from './description.js';
import { type MessageField, type MessageTable, messageTable } from './message-table.js';
import { isAlwaysThere, zeroScalar } from './zero-scalar.js';

const schemas = new Map<string, TypeSchema>();

/** The schema of a built-in message by its full name, `core.v1.PodSpec`; always the same value for the same name. */
export function typeSchema(fullName: string): TypeSchema {
  let schema = schemas.get(fullName);
  if (!schema) {
    schema = new MessageSchema(messageTable(fullName));
    schemas.set(fullName, schema);
  }
  return schema;
}

/** A view of a message table; its fields are made on first use, so that only what is looked at is built. */
class MessageSchema implements TypeSchema {
  readonly name: string;
  readonly special?: SpecialForm;
  readonly mapType?: 'atomic';
  readonly #table: MessageTable;
  #fields: ReadonlyMap<string, FieldSchema> | undefined;

  constructor(table: MessageTable) {
    this.name = table.definition;
    if (table.form) this.special = table.form;
    if (table.atomic) this.mapType = 'atomic';
    this.#table = table;
  }

  get fields(): ReadonlyMap<string, FieldSchema> {
    this.#fields ??= new Map([...flatten(this.#table)].map(([owner, field]) => [field.name, new MessageFieldSchema(owner, field)]));
    return this.#fields;
  }

  get description(): string {
    return description(this.#table.fullName);
  }
}

/** The JSON fields of a message with the messages that declare them: inlined sub-messages are taken apart. */
export function* flatten(table: MessageTable): Generator<[MessageTable, MessageField]> {
  if (table.form) return;
  for (const field of table.fields) {
    if (field.inline && field.message !== undefined) yield* flatten(messageTable(field.message));
    else if (!field.removed) yield [table, field];
  }
}

class MessageFieldSchema implements FieldSchema {
  readonly name: string;
  readonly cardinality: 'one' | 'list' | 'map';
  readonly scalar?: ScalarKind;
  readonly required: boolean;
  readonly optional: boolean;
  readonly default?: Json;
  readonly zero?: Json;
  readonly enum?: readonly string[];
  readonly patchStrategy: ReadonlySet<string>;
  readonly patchMergeKey?: string;
  readonly listType?: ListType;
  readonly listMapKeys: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  readonly embedsObjects: boolean;
  readonly #owner: MessageTable;
  readonly #message: string | undefined;

  constructor(owner: MessageTable, field: MessageField) {
    this.name = field.name;
    this.cardinality = field.cardinality;
    if (field.scalar) this.scalar = field.scalar;
    this.required = field.required;
    this.optional = field.presence === 'pointer' || field.presence === 'nullable';
    if (field.default !== undefined) this.default = field.default;
    const zero = isAlwaysThere(field) ? zeroScalar(field.scalar) : undefined;
    if (zero !== undefined) this.zero = zero;
    if (field.enum) this.enum = field.enum;
    this.patchStrategy = new Set(field.patchStrategy);
    if (field.patchMergeKey) this.patchMergeKey = field.patchMergeKey;
    if (field.listType) this.listType = field.listType;
    this.listMapKeys = field.listMapKeys;
    if (field.mapType) this.mapType = field.mapType;
    this.embedsObjects = field.embeddedApiVersion !== undefined;
    this.#owner = owner;
    this.#message = field.message;
  }

  get message(): TypeSchema | undefined {
    return this.#message === undefined ? undefined : typeSchema(this.#message);
  }

  get description(): string {
    return description(`${this.#owner.fullName}.${this.name}`);
  }
}
