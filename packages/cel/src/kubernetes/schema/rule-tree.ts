import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  type Json,
  type JsonObject,
  jsonEqual,
  NO_PATH,
  path,
  required,
} from '@keelson/machinery';
import { additionalOf, correlatedItem, itemsOf, type JsonSchema } from '@keelson/schema';
import { EvaluationError } from '../../values/evaluation-error.js';
import { type CelValue, Optional } from '../../values/value.js';
import type { Budget } from '../budget.js';
import { fieldPathOf } from './rule-field-path.js';
import { compileSchemaRules, type SchemaRule } from './schema-rules.js';
import { type SchemaType, schemaType, withObjectMeta } from './schema-type.js';
import { schemaValue } from './schema-value.js';

/** The value that an update replaces, where it can be told which that is, and whether anything has changed. */
interface Before {
  readonly value: Json | undefined;
  /** The nearest part of the object that can be compared is as it was: what is wrong in it was so before. */
  readonly unchanged: boolean;
}

/** Where rules are evaluated, and what has come of it. */
export interface RuleRun {
  readonly budget: Budget;
  readonly errors: FieldError[];
  /** Tells of what is wrong in what has not changed; without it that is refused as well. */
  readonly warn?: (text: string) => void;
}

/** Thrown when the rest of the rules is not to be evaluated. */
class RulesStopped extends Error {}

const RUN_OUT = 'validation failed due to running out of cost budget, no further validation rules will be run';
const MAX_MESSAGE_BYTES = 5 * 1024;

/** The rules of a schema and of all below it. Only where there are rules are there nodes. */
export class RuleTree {
  readonly #schema: JsonSchema;
  readonly #isObject: boolean;
  readonly #rules: readonly SchemaRule[];
  readonly #properties: ReadonlyMap<string, RuleTree>;
  readonly #items: RuleTree | undefined;
  readonly #additional: RuleTree | undefined;

  private constructor(
    schema: JsonSchema,
    isObject: boolean,
    rules: readonly SchemaRule[],
    parts: {
      readonly properties: ReadonlyMap<string, RuleTree>;
      readonly items: RuleTree | undefined;
      readonly additional: RuleTree | undefined;
    },
  ) {
    this.#schema = isObject ? withObjectMeta(schema) : schema;
    this.#isObject = isObject;
    this.#rules = rules;
    this.#properties = parts.properties;
    this.#items = parts.items;
    this.#additional = parts.additional;
  }

  /** Undefined where no rules are. */
  static of(schema: JsonSchema, isObject: boolean): RuleTree | undefined {
    const type = hasRules(schema) ? schemaType(schema, isObject) : undefined;
    return type && RuleTree.#of(schema, isObject, type);
  }

  static #of(schema: JsonSchema, isObject: boolean, type: SchemaType): RuleTree | undefined {
    if (!hasRules(schema)) return undefined;
    const below = (one: JsonSchema | undefined) => one && RuleTree.of(one, one['x-kubernetes-embedded-resource'] === true);
    const properties = new Map<string, RuleTree>();
    for (const [name, one] of Object.entries(schema.properties ?? {})) {
      const node = below(one);
      if (node !== undefined) properties.set(name, node);
    }
    const parts = { properties, items: below(itemsOf(schema)), additional: below(additionalOf(schema)) };
    return new RuleTree(schema, isObject, compileSchemaRules(schema, type, true), parts);
  }

  /** Evaluates all rules for a value, and tells what they find wrong; the rest is left when that has cost too much. */
  evaluate(value: Json, before: Json | undefined, at: FieldPath | undefined, run: RuleRun): void {
    try {
      this.#validate(value, { value: before, unchanged: false }, at, run);
    } catch (error) {
      if (!(error instanceof RulesStopped)) throw error;
    }
  }

  /** Throws RulesStopped. */
  #validate(value: Json, before: Before, at: FieldPath | undefined, run: RuleRun): void {
    if (value === null) return;
    this.#evaluateAll(value, before, at, run);
    if (Array.isArray(value)) this.#validateItems(value, before, at, run);
    else if (typeof value === 'object') this.#validateMembers(value, before, at, run);
  }

  #validateItems(list: readonly Json[], before: Before, at: FieldPath | undefined, run: RuleRun): void {
    if (this.#items === undefined) return;
    const keys = this.#schema['x-kubernetes-list-type'] === 'map' ? (this.#schema['x-kubernetes-list-map-keys'] ?? []) : undefined;
    for (const [i, item] of list.entries()) {
      const old = keys === undefined ? undefined : correlatedItem(item, before.value, keys);
      this.#items.#validate(item, below(item, old, before), at?.index(i), run);
    }
  }

  #validateMembers(object: JsonObject, before: Before, at: FieldPath | undefined, run: RuleRun): void {
    const isAtomic = this.#schema['x-kubernetes-map-type'] === 'atomic';
    const old = isAtomic || !isObject(before.value) ? {} : before.value;
    for (const name of Object.keys(object)) {
      const value = object[name] as Json;
      const node = this.#properties.get(name);
      const known = Object.hasOwn(old, name) ? old[name] : undefined;
      if (node !== undefined) node.#validate(value, below(value, known, before), at?.child(name) ?? path(name), run);
      else if (this.#additional !== undefined)
        this.#additional.#validate(value, below(value, known, before), at?.key(name) ?? path(name), run);
    }
  }

  #evaluateAll(value: Json, before: Before, at: FieldPath | undefined, run: RuleRun): void {
    if (this.#rules.length === 0) return;
    if (run.budget.remaining <= 0) this.#stop(at, RUN_OUT, run);
    const self = this.#valueOf(value);
    if (self instanceof EvaluationError) {
      for (const rule of this.#rules) this.#failed(self.message, ruleText(rule), at, run);
      return;
    }
    const old = before.value === undefined || before.value === null ? undefined : this.#valueOf(before.value);
    for (const rule of this.#rules) this.#evaluate(rule, self, old instanceof EvaluationError ? undefined : old, before, at, run);
  }

  /** What was not changed may be other than its schema says. */
  #valueOf(value: Json): CelValue | EvaluationError {
    try {
      return schemaValue(value, this.#schema, this.#isObject);
    } catch (error) {
      if (error instanceof EvaluationError) return error;
      throw error;
    }
  }

  #evaluate(one: SchemaRule, self: CelValue, old: CelValue | undefined, before: Before, at: FieldPath | undefined, run: RuleRun): void {
    const { rule, expression, usesOldSelf } = one;
    if (expression === undefined) return;
    if (expression.program === undefined) {
      run.errors.push(invalidField(at ?? NO_PATH, this.#type, `rule compile error: ${expression.problem}`));
      return;
    }
    if (usesOldSelf && old === undefined && !rule.optionalOldSelf) return;
    const optionalOld = old === undefined ? Optional.none : Optional.of(old);
    const oldSelf = rule.optionalOldSelf ? optionalOld : (old ?? null);
    const { value, error, cost } = expression.program.evaluate({ self, oldSelf });
    if (cost > run.budget.remaining) this.#stop(at, RUN_OUT, run);
    run.budget.remaining -= cost;
    if (error !== undefined) this.#failed(error, ruleText(one), at, run);
    else if (value !== true) this.#broken(one, self, old, before, at, run);
  }

  get #type(): string {
    return this.#schema.type ?? '';
  }

  #stop(at: FieldPath | undefined, detail: string, run: RuleRun): never {
    run.errors.push(invalidField(at ?? NO_PATH, this.#type, detail));
    throw new RulesStopped();
  }

  #failed(error: string, rule: string, at: FieldPath | undefined, run: RuleRun): void {
    if (error.startsWith('operation cancelled: actual cost limit exceeded'))
      this.#stop(at, `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`, run);
    const detail = error.startsWith('no such overload')
      ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`
      : `${error} evaluating rule: ${rule}`;
    run.errors.push(invalidField(at ?? NO_PATH, this.#type, detail));
  }

  #broken(one: SchemaRule, self: CelValue, old: CelValue | undefined, before: Before, at: FieldPath | undefined, run: RuleRun): void {
    const { rule, usesOldSelf } = one;
    const place = rule.fieldPath ? fieldPathOf(rule.fieldPath, at, this.#schema) : (at ?? NO_PATH);
    const message = this.#message(one, self, old, at, run) ?? (rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`);
    const error = errorOf(place, this.#type, message, rule.reason);
    // What was so before is told, not refused; rules about changes are about what changes.
    if (run.warn !== undefined && !usesOldSelf && before.unchanged) run.warn(String(error));
    else run.errors.push(error);
  }

  /**
   * The message that an expression makes; undefined where it makes none that can be shown. As in Kubernetes it is given the value before as
   * it is, even where its rule takes an optional one.
   */
  #message(one: SchemaRule, self: CelValue, old: CelValue | undefined, at: FieldPath | undefined, run: RuleRun): string | undefined {
    const { program } = one.messageExpression ?? {};
    if (program === undefined) return undefined;
    const { value, error, cost } = program.evaluate({ self, oldSelf: old ?? null });
    if (cost > run.budget.remaining)
      this.#stop(at, 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run', run);
    run.budget.remaining -= cost;
    if (error?.startsWith('operation cancelled: actual cost limit exceeded')) {
      const shown = JSON.stringify(one.rule.messageExpression);
      this.#stop(at, `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${shown}`, run);
    }
    const text = typeof value === 'string' ? value.trim() : '';
    return text === '' || text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
  }
}

function ruleText({ rule: { message = '', rule } }: SchemaRule): string {
  return (message === '' ? rule : message).trim();
}

function errorOf(place: FieldPath | string, type: string, message: string, reason: string | undefined): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(place, message);
    case 'FieldValueRequired':
      return required(place, message);
    case 'FieldValueDuplicate':
      return duplicate(place, type);
    default:
      return invalidField(place, type, message);
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A part that cannot be told from before is as unchanged as what it is part of. */
function below(value: Json, old: Json | undefined, { unchanged }: Before): Before {
  if (unchanged) return { value: old, unchanged };
  return { value: old, unchanged: old !== undefined && jsonEqual(old, value) };
}

/** Whether rules are anywhere in a schema. */
function hasRules(schema: JsonSchema): boolean {
  if (schema['x-kubernetes-validations']?.length) return true;
  const parts = [...Object.values(schema.properties ?? {}), itemsOf(schema), additionalOf(schema)];
  return parts.some((part) => part !== undefined && hasRules(part));
}
