import { type FieldError, isInt64, type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { RE2JS } from 're2js';
import { correlatedItem, mapKeysOf } from './correlated-item.js';
import { textFormat } from './formats.js';
import { isUnchanged } from './is-unchanged.js';
import { additionalOf, itemsOf, type JsonSchema } from './json-schema.js';
import { numberCheck } from './number-check.js';
import {
  forbiddenProperty,
  missing,
  notEnumerated,
  overlong,
  tooManyItems,
  unfit,
  unmet,
  type ValueProblem,
  wrongType,
} from './value-problem.js';

/** Judges a value against a schema. `old`: the value that it replaces; parts that have not changed since are not judged again (KEP-4008). */
export type ValueValidator = (value: Json, where?: string, old?: Json) => FieldError[];

/** What a check has found, and how much of it was in order: of several alternatives the one that came farthest is reported. */
interface Verdict {
  readonly problems: readonly ValueProblem[];
  readonly checks: number;
}

type Check = (value: Json, path: string, old?: Json) => Verdict;

const FINE: Verdict = { problems: [], checks: 0 };

/**
 * Compiles what a schema demands of values, once for all values of a version: types, bounds, formats, and what several
 * schemas demand together. Messages, and which of them are given, are those of kube-apiserver. Patterns take linear time.
 */
export function compileValidator(schema: JsonSchema): ValueValidator {
  const check = compile(schema);
  return (value, where = '', old?: Json) => check(value, '', old).problems.map((problem) => problem.toFieldError(where));
}

function compile(schema: JsonSchema): Check {
  const always = [typeCheck(schema), togetherCheck(schema), enumCheck(schema)].filter(isCheck);
  const ofNull = [typeCheck(schema), enumCheck(schema)].filter(isCheck);
  const byKind: Readonly<Record<string, readonly Check[]>> = {
    string: [stringCheck(schema), formatCheck(schema)].filter(isCheck),
    number: [numericCheck(schema)].filter(isCheck),
    array: [arrayCheck(schema)].filter(isCheck),
    object: [objectCheck(schema)].filter(isCheck),
    boolean: [],
  };
  return (value, path, old) => {
    const verdict = all(value === null ? ofNull : [...always, ...(byKind[kindOf(value)] ?? [])], value, path, old);
    return old !== undefined && verdict.problems.length > 0 && isUnchanged(value, old, schema) ? FINE : verdict;
  };
}

function all(checks: readonly Check[], value: Json, path: string, old: Json | undefined): Verdict {
  return together(
    checks.map((check) => check(value, path, old)),
    checks.length,
  );
}

/** The whole of some verdicts, of which `own` are checks by themselves. */
function together(verdicts: readonly Verdict[], own = 0): Verdict {
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  return { problems, checks: verdicts.reduce((sum, { checks }) => sum + checks, own) };
}

function isCheck(check: Check | undefined): check is Check {
  return check !== undefined;
}

function problem(found: ValueProblem): Verdict {
  return { problems: [found], checks: 0 };
}

function kindOf(value: Json | bigint): string {
  if (typeof value === 'bigint') return 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The word for a value's type in messages. Integers have 64 bits. */
function typeOf(value: Json | bigint): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint' || typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return kindOf(value);
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function typeCheck(schema: JsonSchema): Check | undefined {
  const types = typesOf(schema);
  if (types.length === 0) return undefined;
  const taken = new Set([...types, ...(types.includes('number') ? ['integer'] : []), ...(schema.nullable ? ['null'] : [])]);
  const format = types[0] === 'string' && textFormat(schema.format ?? '') !== undefined ? schema.format : undefined;
  return (value, path) => {
    const type = typeOf(value);
    if (taken.has(type)) return FINE;
    if (format === undefined || value === null) return problem(wrongType(path, types.join(','), type));
    // Kubernetes asks lists for no type where there is a format, and tells others by the format that numbers have in its language.
    return type === 'array' ? FINE : problem(wrongType(path, format, numberFormats[type] ?? ''));
  };
}

const numberFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

function enumCheck({ enum: allowed }: JsonSchema): Check | undefined {
  if (allowed === undefined || allowed.length === 0) return undefined;
  return (value, path) => (allowed.some((one) => isEnumerated(value, one)) ? FINE : problem(notEnumerated(path, value, allowed)));
}

/** Numbers are held against integers by their integer part. */
function isEnumerated(value: Json, one: Json): boolean {
  return jsonEqual(one, value) || (typeof value === 'number' && Number.isInteger(one) && Math.trunc(value) === one);
}

function stringCheck({ maxLength, minLength, pattern }: JsonSchema): Check | undefined {
  if (maxLength === undefined && minLength === undefined && !pattern) return undefined;
  const expression = pattern ? RE2JS.compile(pattern) : undefined;
  return (value, path) => {
    const text = value as string;
    const length = maxLength === undefined && minLength === undefined ? 0 : lengthOf(text);
    if (maxLength !== undefined && length > maxLength) return problem(overlong(path, maxLength));
    if (minLength !== undefined && length < minLength) return problem(unfit(path, text, `should be at least ${minLength} chars long`));
    if (expression !== undefined && !expression.matcher(text).find()) return problem(unfit(path, text, `should match '${pattern}'`));
    return FINE;
  };
}

/** In characters, not in halves of them. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function formatCheck(schema: JsonSchema): Check | undefined {
  const types = typesOf(schema);
  const { format = '' } = schema;
  const matches = types.length === 0 || types[0] === 'string' ? textFormat(format) : undefined;
  if (matches === undefined) return undefined;
  return (value, path) => (matches(value as string) ? FINE : problem(wrongType(path, format, value as string, value)));
}

function numericCheck(schema: JsonSchema): Check | undefined {
  const problemsOf = numberCheck(schema);
  return problemsOf && ((value, path) => ({ problems: problemsOf(value as number, path), checks: 0 }));
}

function arrayCheck(schema: JsonSchema): Check | undefined {
  const { minItems, maxItems, uniqueItems } = schema;
  const itemSchema = itemsOf(schema);
  const item = itemSchema && compile(itemSchema);
  if (item === undefined && minItems === undefined && maxItems === undefined && !uniqueItems) return undefined;
  const keys = mapKeysOf(schema);
  return (value, path, old) => {
    const list = value as Json[];
    const verdicts = item === undefined ? [] : list.map((one, at) => item(one, `${path}[${at}]`, correlatedItem(one, old, keys)));
    const problems: ValueProblem[] = [];
    if (minItems !== undefined && list.length < minItems) problems.push(unfit(path, list.length, `should have at least ${minItems} items`));
    if (maxItems !== undefined && list.length > maxItems) problems.push(tooManyItems(path, list.length, maxItems));
    if (uniqueItems && !isSet(list)) problems.push(unfit(path, '', "shouldn't contain duplicates"));
    return together([...verdicts, { problems, checks: 0 }]);
  };
}

function isSet(list: readonly Json[]): boolean {
  return list.every((one, at) => list.findIndex((other) => jsonEqual(one, other)) === at);
}

function objectCheck(schema: JsonSchema): Check | undefined {
  const { minProperties, maxProperties, required = [], additionalProperties } = schema;
  const properties = new Map(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, compile(one)]));
  const additionalSchema = additionalOf(schema);
  const additional = additionalSchema && compile(additionalSchema);
  const openEnded = additionalProperties !== false;
  return (value, path, old) => {
    const object = value as JsonObject;
    const before = memberOf(old);
    const names = Object.keys(object);
    if (minProperties !== undefined && names.length < minProperties)
      return problem(unfit(path, names.length, `should have at least ${minProperties} properties`));
    if (maxProperties !== undefined && names.length > maxProperties) return problem(tooManyItems(path, names.length, maxProperties));
    const verdicts = names.map((name): Verdict => {
      const property = properties.get(name) ?? additional;
      if (property !== undefined) return property(object[name] as Json, path === '' ? name : `${path}.${name}`, before(name));
      return openEnded ? FINE : problem(forbiddenProperty(path, name));
    });
    const absent = required.filter((name) => !Object.hasOwn(object, name)).map((name) => missing(`${path}.${name}`));
    return together([...verdicts, { problems: absent, checks: 0 }]);
  };
}

function memberOf(value: Json | undefined): (name: string) => Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return () => undefined;
  return (name) => (Object.hasOwn(value, name) ? value[name] : undefined);
}

/** What several schemas demand of one value. */
function togetherCheck({ anyOf = [], oneOf = [], allOf = [], not }: JsonSchema): Check | undefined {
  const checks = [
    ...(anyOf.length > 0 ? [anyCheck(anyOf.map(compile))] : []),
    ...(oneOf.length > 0 ? [oneCheck(oneOf.map(compile))] : []),
    ...(allOf.length > 0 ? [allCheck(allOf.map(compile))] : []),
    ...(not === undefined ? [] : [notCheck(compile(not))]),
  ];
  return checks.length === 0 ? undefined : (value, path) => together(checks.map((check) => check(value, path)));
}

function anyCheck(alternatives: readonly Check[]): Check {
  return (value, path) => {
    const verdicts = alternatives.map((check) => check(value, path));
    const fitting = verdicts.find(isFine);
    return fitting ?? together([problem(unmet(path, 'must validate at least one schema (anyOf)')), farthest(verdicts)]);
  };
}

function oneCheck(alternatives: readonly Check[]): Check {
  return (value, path) => {
    const verdicts = alternatives.map((check) => check(value, path));
    const fitting = verdicts.filter(isFine);
    if (fitting.length === 1) return fitting[0] as Verdict;
    const found = fitting.length === 0 ? 'Found none valid' : `Found ${fitting.length} valid alternatives`;
    const told = problem(unmet(path, `must validate one and only one schema (oneOf). ${found}`));
    return fitting.length === 0 ? together([told, farthest(verdicts)]) : told;
  };
}

function allCheck(parts: readonly Check[]): Check {
  return (value, path) => {
    const verdicts = parts.map((check) => check(value, path));
    const fitting = verdicts.filter(isFine).length;
    if (fitting === parts.length) return together(verdicts);
    const none = fitting === 0 ? '. None validated' : '';
    return together([...verdicts, problem(unmet(path, `must validate all the schemas (allOf)${none}`))]);
  };
}

function notCheck(check: Check): Check {
  return (value, path) => (isFine(check(value, path)) ? problem(unmet(path, 'must not validate the schema (not)')) : FINE);
}

function isFine({ problems }: Verdict): boolean {
  return problems.length === 0;
}

function farthest(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((best, verdict) => (verdict.checks > best.checks ? verdict : best));
}
