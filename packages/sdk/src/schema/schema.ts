import type { Json } from '@keelson/machinery';
import type { JsonSchema } from '@keelson/schema';

/** Whether objects have a field: `defaulted` ones may be left out by clients, and are always there for handlers. */
export type Presence = 'required' | 'optional' | 'defaulted';

/**
 * What a value may be, as structural OpenAPI (KEP-1152), and as the type `T` that handlers see. Immutable: every method
 * gives another schema. What bounds a value comes before what says whether it is there: `s.int32().min(0).default(1)`.
 */
export class Schema<T, P extends Presence = 'required'> {
  declare readonly valueType: T;

  constructor(
    readonly json: JsonSchema,
    readonly presence: P,
  ) {}

  /** The field may be left out. */
  optional(): Schema<T, 'optional'> {
    return new Schema(this.json, 'optional');
  }

  /** What the field is when it is left out. */
  default(value: T): Schema<T, 'defaulted'> {
    return new Schema({ ...this.json, default: value as Json }, 'defaulted');
  }

  /** The value may be null. */
  nullable(): Schema<T | null, P> {
    return new Schema<T | null, P>({ ...this.json, nullable: true }, this.presence);
  }

  /** What `kubectl explain` says. */
  describe(description: string): this {
    return this.with({ description });
  }

  /** A CEL rule: `self` is the value, `oldSelf` what an update replaces (KEP-2876). */
  rule(rule: string, message: string, fieldPath?: string): this {
    const rules = this.json['x-kubernetes-validations'] ?? [];
    return this.with({ 'x-kubernetes-validations': [...rules, { rule, message, ...(fieldPath !== undefined && { fieldPath }) }] });
  }

  /** The same kind of schema, saying more. */
  protected with(more: Partial<JsonSchema>): this {
    const made = Object.create(Object.getPrototypeOf(this)) as this;
    return Object.assign(made, this, { json: { ...this.json, ...more } });
  }
}

export type AnySchema = Schema<unknown, Presence>;

/** The type of a schema's values. */
export type Infer<S> = S extends Schema<infer T, Presence> ? T : never;
