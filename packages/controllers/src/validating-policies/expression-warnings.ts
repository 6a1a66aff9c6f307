import { PolicyTypeCheck } from '@keelson/cel';
import { formatGroupVersion, type GroupVersionKind, type GroupVersionResource, parseGroupVersion } from '@keelson/machinery';
import type { admissionregistration, KindSchema } from '@keelson/schema';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;
type Rule = admissionregistration.v1.NamedRuleWithOperations;
type ExpressionWarning = admissionregistration.v1.ExpressionWarning;

/** The kinds that a server has. */
export interface KnownKinds {
  ofResource(resource: GroupVersionResource): KindSchema | undefined;
  ofKind(kind: GroupVersionKind): KindSchema | undefined;
}

/** How many kinds a rule is checked for. */
const MAX_KINDS = 10;

/** What is wrong with the validations of a policy for some of the kinds that it is about. */
export function expressionWarnings({ spec }: Policy, kinds: KnownKinds): ExpressionWarning[] {
  const params = paramSchema(spec.paramKind, kinds);
  const checks = kindsOf(spec.matchConstraints?.resourceRules ?? [], kinds).map((kind) => ({
    kind,
    check: new PolicyTypeCheck({ object: kind.type, params: params?.type }, spec.variables ?? []),
  }));
  const warnings: ExpressionWarning[] = [];
  const examine = (fieldRef: string, expression: string | undefined) => {
    if (!expression) return;
    const problems = checks.flatMap(({ kind, check }) => {
      const problem = check.problemOf(expression);
      return problem === undefined ? [] : [`${formatGroupVersion(kind)}, Kind=${kind.kind}: ${problem}\n`];
    });
    if (problems.length > 0) warnings.push({ fieldRef, warning: problems.join('\n') });
  };
  for (const [i, { expression, messageExpression }] of (spec.validations ?? []).entries()) {
    examine(`spec.validations[${i}].expression`, expression);
    examine(`spec.validations[${i}].messageExpression`, messageExpression);
  }
  return warnings;
}

function paramSchema(paramKind: admissionregistration.v1.ParamKind | undefined, kinds: KnownKinds): KindSchema | undefined {
  const version = parseGroupVersion(paramKind?.apiVersion ?? '');
  return paramKind && version && kinds.ofKind({ ...version, kind: paramKind.kind ?? '' });
}

/** In the order of their names. Rules that name everything say nothing about types. */
function kindsOf(rules: readonly Rule[], kinds: KnownKinds): KindSchema[] {
  const found = new Map<string, KindSchema>();
  for (const rule of rules) {
    for (const kind of resourcesOf(rule)
      .flatMap((resource) => kinds.ofResource(resource) ?? [])
      .slice(0, MAX_KINDS))
      found.set(`${kind.group}\n${kind.version}\n${kind.kind}`, kind);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}

function resourcesOf({ apiGroups = [], apiVersions = [], resources = [] }: Rule): GroupVersionResource[] {
  if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) return [];
  const whole = resources.filter((name) => !/[*/]/.test(name)).toSorted();
  return apiGroups
    .toSorted()
    .flatMap((group) => apiVersions.toSorted().flatMap((version) => whole.map((resource) => ({ group, version, resource }))));
}
