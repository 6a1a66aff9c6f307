import { compileSchemaRules, type SchemaRule, type SchemaType, schemaType } from '@keelson/cel';
import { type FieldError, type FieldPath, forbiddenField, internalField, invalidField, semanticallyEqual } from '@keelson/machinery';
import { additionalOf, internalForm, itemsOf, type JsonSchema, mostOf } from '@keelson/schema';

/** What one expression may cost, and all of a schema together, at most. */
const EXPRESSION_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** As much as can be counted. */
const UNCOUNTABLE = 2 ** 64;
const SHOWN_EXPENSIVE = 4;
/** Of what a schema says nothing, rules can say nothing either. */
const NO_TYPE =
  'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';

/** What is known of a place in a schema from what is above it. */
interface Place {
  readonly at: FieldPath;
  /** How often values of it can occur in an object; undefined where nothing bounds that. */
  readonly cardinality: number | undefined;
  /** The list or map above whose parts cannot be told from those of before. */
  readonly uncorrelatable: FieldPath | undefined;
}

/** What the definition had before. */
export interface StoredRules {
  /** Those of all its versions, as JSON. */
  readonly rules: ReadonlySet<string>;
  /** Of the same version. */
  readonly schema: JsonSchema | undefined;
}

/**
 * Whether the expressions of a schema can be evaluated, and at what cost. Of a schema that has not changed each may cost what it costs.
 * `found`: what is wrong with the schema otherwise; expressions above that are not looked at, they might mean something else.
 */
export function validateRuleExpressions(
  schema: JsonSchema,
  at: FieldPath,
  stored: StoredRules,
  found: readonly FieldError[],
): FieldError[] {
  const isUnchanged = stored.schema !== undefined && semanticallyEqual(stored.schema, schema);
  const check = new RuleExpressions(stored.rules, found, isUnchanged ? Number.POSITIVE_INFINITY : EXPRESSION_LIMIT);
  const errors = check.visit(schema, { at, cardinality: 1, uncorrelatable: undefined }, true);
  return [...errors, ...check.total(at)];
}

class RuleExpressions {
  readonly #stored: ReadonlySet<string>;
  readonly #broken: readonly string[];
  /** What one expression may cost. */
  readonly #limit: number;
  readonly #expensive: { readonly at: FieldPath; readonly cost: number }[] = [];
  #total = 0;

  constructor(stored: ReadonlySet<string>, found: readonly FieldError[], limit: number) {
    this.#stored = stored;
    this.#limit = limit;
    this.#broken = found.map(({ field }) => field);
  }

  visit(schema: JsonSchema, place: Place, isObject: boolean): FieldError[] {
    const additional = additionalOf(schema);
    const items = itemsOf(schema);
    const isWhole = (one: JsonSchema) => one['x-kubernetes-embedded-resource'] === true;
    return [
      ...(additional === undefined ? [] : this.visit(additional, inMap(schema, place), isWhole(additional))),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => this.visit(one, inObject(schema, name, place), isWhole(one))),
      ...(items === undefined ? [] : this.visit(items, inList(schema, place), isWhole(items))),
      ...this.#rules(schema, place, isObject),
    ];
  }

  /** The costliest rules, and the whole of them, where that is too much. */
  total(at: FieldPath): FieldError[] {
    if (this.#total <= SCHEMA_LIMIT) return [];
    const contributed = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.#expensive.slice(0, SHOWN_EXPENSIVE).map(({ at: where }) => forbiddenField(where, contributed)),
      forbiddenField(at, tooExpensive(what, this.#total, SCHEMA_LIMIT)),
    ];
  }

  #rules(schema: JsonSchema, place: Place, isObject: boolean): FieldError[] {
    const rules = schema['x-kubernetes-validations'];
    if (!rules?.length || this.#broken.some((field) => field.startsWith(place.at.toString()))) return [];
    const type = schemaType(schema, isObject);
    if (type === undefined) return [internalField(place.at.child('x-kubernetes-validations'), NO_TYPE)];
    const stored = rules.every((rule) => this.#stored.has(JSON.stringify(rule)));
    return this.#compiled(schema, type, stored).flatMap((rule, i) =>
      this.#judge(rule, place.at.child('x-kubernetes-validations').index(i), place),
    );
  }

  #compiled(schema: JsonSchema, type: SchemaType, stored: boolean): SchemaRule[] {
    return compileSchemaRules(schema, type, stored);
  }

  #judge(compiled: SchemaRule, here: FieldPath, place: Place): FieldError[] {
    const { rule, expression, messageExpression } = compiled;
    const shown = () => internalForm('apiextensions.v1.ValidationRule', rule);
    const errors: FieldError[] = [];
    if (expression?.program !== undefined)
      errors.push(
        ...this.#cost(expression.maxCost * (place.cardinality ?? compiled.maxCardinality), here.child('rule'), 'estimated rule cost'),
      );
    else if (expression !== undefined) errors.push(invalidField(here.child('rule'), shown(), expression.problem));
    if (messageExpression?.program !== undefined)
      errors.push(...this.#cost(messageExpression.maxCost, here.child('messageExpression'), 'estimated messageExpression cost'));
    else if (messageExpression !== undefined)
      errors.push(invalidField(here.child('messageExpression'), shown(), messageExpression.problem));
    return [...errors, ...oldSelfErrors(compiled, here, place)];
  }

  /** A message is made once, however many values break its rule. */
  #cost(cost: number, at: FieldPath, what: string): FieldError[] {
    const all = Math.min(cost, UNCOUNTABLE);
    this.#total = Math.min(this.#total + all, UNCOUNTABLE);
    if (all >= SCHEMA_LIMIT / 100) {
      this.#expensive.push({ at, cost: all });
      this.#expensive.sort((a, b) => b.cost - a.cost);
    }
    return all > this.#limit ? [forbiddenField(at, tooExpensive(what, all, EXPRESSION_LIMIT))] : [];
  }
}

/** Rules about changes need the value before to be found, and a rule that is not about changes has no use for it. */
function oldSelfErrors({ rule, usesOldSelf }: SchemaRule, here: FieldPath, { uncorrelatable }: Place): FieldError[] {
  if (usesOldSelf && uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    return [invalidField(here.child('rule'), rule.rule, detail)];
  }
  if (usesOldSelf || rule.optionalOldSelf === undefined) return [];
  return [invalidField(here.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule')];
}

function tooExpensive(what: string, cost: number, limit: number): string {
  const times = cost / limit;
  const factor = times > 100 ? 'more than 100x' : times < 1.5 ? `${times.toFixed(6)}x` : `${times.toFixed(1)}x`;
  const advice = 'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';
  return `${what} exceeds budget by factor of ${factor} (${advice})`;
}

function times(cardinality: number | undefined, most: number | undefined): number | undefined {
  return cardinality === undefined || most === undefined ? undefined : Math.min(cardinality * mostOf(most), UNCOUNTABLE);
}

function inObject(schema: JsonSchema, name: string, { at, cardinality, uncorrelatable }: Place): Place {
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic';
  return { at: at.child('properties').key(name), cardinality, uncorrelatable: uncorrelatable ?? (isAtomic ? at : undefined) };
}

function inMap(schema: JsonSchema, { at, cardinality, uncorrelatable }: Place): Place {
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic';
  return {
    at: at.child('additionalProperties'),
    cardinality: times(cardinality, schema.maxProperties),
    uncorrelatable: uncorrelatable ?? (isAtomic ? at : undefined),
  };
}

/** Only items of lists that are maps can be found again. */
function inList(schema: JsonSchema, { at, cardinality, uncorrelatable }: Place): Place {
  const isMap = schema['x-kubernetes-list-type'] === 'map';
  return {
    at: at.child('items'),
    cardinality: times(cardinality, schema.maxItems),
    uncorrelatable: uncorrelatable ?? (isMap ? undefined : at),
  };
}
