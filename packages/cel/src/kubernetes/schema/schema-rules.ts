import type { apiextensions, JsonSchema } from '@keelson/schema';
import type { Program } from '../../compile.js';
import { compile } from '../../compile.js';
import { estimateCost, type SizeOf } from '../../cost/estimate.js';
import type { Environment } from '../../environment/environment.js';
import { BOOL, type CelType, optionalOf, STRING, sameType } from '../../types/type.js';
import { NEW_EXPRESSIONS, STORED_EXPRESSIONS } from '../environments.js';
import { maxCardinality, type SchemaType, schemaTypes } from './schema-type.js';

type Rule = apiextensions.v1.ValidationRule;

/** An expression of a rule: the program with the most that it can cost, or what is wrong with it. */
export type RuleExpression =
  | { readonly program: Program; readonly maxCost: number; readonly problem?: undefined }
  | { readonly program?: undefined; readonly problem: string };

/** A rule of `x-kubernetes-validations`, compiled. */
export interface SchemaRule {
  readonly rule: Rule;
  /** Undefined of an empty rule. */
  readonly expression: RuleExpression | undefined;
  readonly messageExpression: RuleExpression | undefined;
  /** It compares with the value before: it is about changes. */
  readonly usesOldSelf: boolean;
  /** How often its values can occur in one request. */
  readonly maxCardinality: number;
}

/** Compiles the rules of one schema. `stored`: they were taken before, and may use all there is. */
export function compileSchemaRules({ 'x-kubernetes-validations': rules }: JsonSchema, type: SchemaType, stored: boolean): SchemaRule[] {
  if (!rules?.length) return [];
  const base = stored ? STORED_EXPRESSIONS : NEW_EXPRESSIONS;
  const types = schemaTypes(type);
  const withOld = (oldSelf: CelType) => base.extend({ variables: { self: type.type, oldSelf }, types });
  const environment = withOld(type.type);
  const optional = () => withOld(optionalOf(type.type));
  return rules.map((rule) => compileRule(rule, type, rule.optionalOldSelf ? optional() : environment));
}

function compileRule(rule: Rule, type: SchemaType, environment: Environment): SchemaRule {
  const isEmpty = rule.rule.trim() === '';
  const expression = isEmpty ? undefined : compileTo(rule.rule, environment, type, BOOL, '', 'cel expression must evaluate to a bool');
  const message = rule.messageExpression ?? '';
  const messageExpression =
    expression?.program === undefined || message === ''
      ? undefined
      : compileTo(message, environment, type, STRING, 'messageExpression ', 'messageExpression must evaluate to a string');
  return { rule, expression, messageExpression, usesOldSelf: usesOldSelf(expression), maxCardinality: maxCardinality(type) };
}

function compileTo(
  text: string,
  environment: Environment,
  type: SchemaType,
  wanted: CelType,
  what: string,
  otherwise: string,
): RuleExpression {
  const { program, errors } = compile(text, environment);
  if (program === undefined) return { problem: `${what}compilation failed: ${errors}` };
  if (!sameType(program.resultType, wanted)) return { problem: otherwise };
  if (program.failure !== undefined) return { problem: `${what || 'program '}instantiation failed: ${program.failure}` };
  return { program, maxCost: estimateCost(program.checked, sizeIn(type)).max };
}

function usesOldSelf(expression: RuleExpression | undefined): boolean {
  const references = expression?.program?.checked.references.values() ?? [];
  return [...references].some((reference) => reference.kind === 'variable' && reference.name === 'oldSelf');
}

/** Sizes of what is reached from `self`, and from `oldSelf` alike. */
function sizeIn(root: SchemaType): SizeOf {
  return ([, ...path]) => {
    let type: SchemaType | undefined = root;
    for (const [i, segment] of path.entries()) {
      if (segment === '@keys') return type.element !== undefined && i === path.length - 1 ? { min: 0, max: 0 } : undefined;
      type = segment === '@items' || segment === '@values' ? type.element : type.fields?.get(segment);
      if (type === undefined) return undefined;
    }
    return { min: 0, max: type.maxElements };
  };
}
