import { Budget, REQUEST_BUDGET, RuleTree } from '@keelson/cel';
import { type FieldError, type FieldPath, invalidField, type Json, jsonEqual } from '@keelson/machinery';
import { compileValidator, itemsOf, type JsonSchema, prune, validateEmbeddedObjects } from '@keelson/schema';

/**
 * Defaults are values as clients might send them: known to the schema, and in order by it and its rules. `pruned`: they may have no
 * unknown fields, which came later than schemas whose defaults have some.
 */
export function validateDefaults(schema: JsonSchema, at: FieldPath, pruned: boolean): FieldError[] {
  return new Defaults(pruned).validate(schema, at, true);
}

class Defaults {
  readonly #pruned: boolean;
  /** For the rules of all defaults of a schema. */
  readonly #budget = new Budget(REQUEST_BUDGET);

  constructor(pruned: boolean) {
    this.#pruned = pruned;
  }

  validate(schema: JsonSchema, at: FieldPath, isObject: boolean): FieldError[] {
    const items = itemsOf(schema);
    const below = (one: JsonSchema, where: FieldPath) => this.validate(one, where, one['x-kubernetes-embedded-resource'] === true);
    return [
      ...(schema.default === undefined || schema.default === null
        ? []
        : this.#validateDefault(schema, schema.default, at.child('default'), isObject)),
      ...(items === undefined ? [] : below(items, at.child('items'))),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => below(one, at.child('properties').key(name))),
    ];
  }

  #validateDefault(schema: JsonSchema, value: Json, at: FieldPath, isObject: boolean): FieldError[] {
    const errors = brokenForm(schema, value, at, isObject);
    const broken = errors.length > 0 ? errors : this.#brokenRules(schema, value, at, isObject);
    return this.#pruned && !isPruned(schema, value) ? [invalidField(at, value, 'must not have unknown fields'), ...broken] : broken;
  }

  /** Both where it stays and where it comes anew. */
  #brokenRules(schema: JsonSchema, value: Json, at: FieldPath, isObject: boolean): FieldError[] {
    const rules = RuleTree.of(schema, isObject);
    if (rules === undefined) return [];
    const [staying, coming] = [new Budget(this.#budget.remaining), new Budget(this.#budget.remaining)];
    const errors: FieldError[] = [];
    rules.evaluate(value, value, at, { budget: staying, errors });
    if (errors.length === 0) rules.evaluate(value, undefined, at, { budget: coming, errors });
    this.#budget.remaining = Math.min(staying.remaining, coming.remaining);
    return errors;
  }
}

/** What the values of a schema look like, objects inside of them first. */
function brokenForm(schema: JsonSchema, value: Json, at: FieldPath, isObject: boolean): FieldError[] {
  const errors = validateEmbeddedObjects(value, isObject ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, at);
  return errors.length > 0 ? errors : compileValidator(ofAnyType(schema))(value, at.toString());
}

/** Nobody asks of a default, unlike of other values, whether what may be a number or a text is one of these. */
function ofAnyType(schema: JsonSchema): JsonSchema {
  const isMark = (name: string, value: unknown) => name === 'x-kubernetes-int-or-string' && value === true;
  return JSON.parse(JSON.stringify(schema, (name, value) => (isMark(name, value) ? undefined : value)));
}

function isPruned(schema: JsonSchema, value: Json): boolean {
  const copy = structuredClone(value);
  prune(copy, schema, schema['x-kubernetes-embedded-resource'] === true);
  return jsonEqual(copy, value);
}
