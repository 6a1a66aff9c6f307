import {
  dns1035Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  type NameForm,
  path,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateMatchConditions } from './match-conditions-validation.js';
import type { PolicyExpressions } from './policy-expressions.js';
import { validateFailurePolicy, type validateMatchResources } from './rules-validation.js';

type ParamKind = admissionregistration.v1.ParamKind;
type Variable = admissionregistration.v1.Variable;
type MatchResources = admissionregistration.v1.MatchResources;

/** What policies that validate and policies that mutate have in common. */
export interface PolicySpec {
  readonly failurePolicy?: string;
  readonly paramKind?: ParamKind;
  readonly matchConstraints?: MatchResources;
  readonly variables?: readonly Variable[];
  readonly matchConditions?: readonly admissionregistration.v1.MatchCondition[];
}

/** Words that CEL keeps for itself. */
const celReserved: ReadonlySet<string> = new Set(
  'as break const continue else false for function if import in let loop null package namespace return true var void while'.split(' '),
);

function isCelIdentifier(text: string): boolean {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(text) && !celReserved.has(text);
}

function validateApiVersion(apiVersion: string, at: FieldPath): FieldError[] {
  if (apiVersion === '') return [required(at)];
  const parts = apiVersion.split('/');
  if (parts.length > 2) return [invalidField(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [version = '', group = ''] = parts.reverse();
  return [
    ...(group === '' ? [] : validateJoined(group, at, dns1123Subdomain)),
    ...(version === '' ? [invalidField(at, apiVersion, 'version must be specified')] : validateJoined(version, at, dns1035Label)),
  ];
}

/** All that is wrong with a text in one message. */
function validateJoined(text: string, at: FieldPath, form: NameForm): FieldError[] {
  const details = form(text);
  return details.length === 0 ? [] : [invalidField(at, text, details.join(','))];
}

function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, at: FieldPath): FieldError[] {
  const kindPath = at.child('kind');
  const details = kind === '' ? [] : dns1035Label(kind.toLowerCase());
  return [
    ...validateApiVersion(apiVersion, at.child('apiVersion')),
    ...(kind === '' ? [required(kindPath)] : []),
    ...(details.length === 0
      ? []
      : [invalidField(kindPath, kind, `may have mixed case, but should otherwise match: ${details.join(',')}`)]),
  ];
}

function validateVariables(variables: readonly Variable[], at: FieldPath, expressions: PolicyExpressions): FieldError[] {
  return variables.flatMap(({ name, expression }, i) => {
    const here = at.index(i);
    const unnamed = name.trim() === '';
    return [
      ...(unnamed ? [required(here.child('name'), 'name is not specified')] : []),
      ...(unnamed || isCelIdentifier(name) ? [] : [invalidField(here.child('name'), name, 'must be a valid CEL identifier')]),
      ...expressions.declare(name, expression, here.child('expression')),
    ];
  });
}

function validateConstraints(
  constraints: MatchResources | undefined,
  at: FieldPath,
  validateRules: typeof validateMatchResources,
): FieldError[] {
  if (constraints === undefined) return [required(at)];
  const rulesGiven = (constraints.resourceRules?.length ?? 0) > 0;
  return [...validateRules(constraints, at), ...(rulesGiven ? [] : [required(at.child('resourceRules'))])];
}

/** What comes before the expressions that say what the policy does. Declares the variables to `expressions`. */
export function validatePolicySpec(
  spec: PolicySpec,
  old: PolicySpec | undefined,
  expressions: PolicyExpressions,
  validateRules: typeof validateMatchResources,
): FieldError[] {
  const at = path('spec');
  const sameConditions =
    old !== undefined && semanticallyEqual(spec.paramKind, old.paramKind) && semanticallyEqual(spec.matchConditions, old.matchConditions);
  return [
    ...validateFailurePolicy(spec.failurePolicy, at.child('failurePolicy')),
    ...(spec.paramKind === undefined ? [] : validateParamKind(spec.paramKind, at.child('paramKind'))),
    ...validateConstraints(spec.matchConstraints, at.child('matchConstraints'), validateRules),
    ...(sameConditions ? [] : validateMatchConditions(spec.matchConditions, at.child('matchConditions'), expressions.conditions)),
    ...validateVariables(spec.variables ?? [], at.child('variables'), expressions),
  ];
}

/** Name of the policy that a binding puts to work. */
export function validatePolicyName(name: string | undefined, at: FieldPath): FieldError[] {
  return name ? validateForm(name, at, dns1123Subdomain) : [required(at)];
}
