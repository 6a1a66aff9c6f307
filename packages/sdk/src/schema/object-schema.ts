import type { JsonSchema } from '@keelson/schema';
import { type AnySchema, type Infer, type Presence, Schema } from './schema.js';

export type Fields = Readonly<Record<string, AnySchema>>;

type OptionalNames<F extends Fields> = { [K in keyof F]: F[K] extends Schema<unknown, 'optional'> ? K : never }[keyof F];

/** The type of an object with these fields. */
export type ObjectOfFields<F extends Fields> = { [K in Exclude<keyof F, OptionalNames<F>>]: Infer<F[K]> } & {
  [K in OptionalNames<F>]?: Infer<F[K]>;
};

export class ObjectSchema<F extends Fields> extends Schema<ObjectOfFields<F>> {
  constructor(readonly fields: F) {
    super(objectJson(fields), 'required');
  }

  /** Whether nothing has to be given: then an object that is left out can be filled in. */
  get isFillable(): boolean {
    return Object.values(this.fields).every(({ presence }) => presence !== 'required');
  }

  /** Replaced as a whole by server-side apply. */
  atomic(): this {
    return this.with({ 'x-kubernetes-map-type': 'atomic' });
  }

  /** Fields that the schema does not name are kept. */
  open(): this {
    return this.with({ 'x-kubernetes-preserve-unknown-fields': true });
  }
}

function objectJson(fields: Fields): JsonSchema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { presence }]) => isDemanded(presence)).map(([name]) => name);
  const properties = Object.fromEntries(entries.map(([name, { json }]) => [name, json]));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

function isDemanded(presence: Presence): boolean {
  return presence === 'required';
}
