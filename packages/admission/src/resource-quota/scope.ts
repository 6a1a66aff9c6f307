import { compileRequirement, type LabelMatcher, type Operator } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type ScopeRequirement = core.v1.ScopedResourceSelectorRequirement;

const OPERATORS: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/** What a quota, or the configuration, says of the objects that it is about. */
export interface Scope {
  readonly name: string;
  readonly requirement: ScopeRequirement;
  /** Whether what the object has of the scope, such as its priority class, is what is asked for. */
  matches(value: string | undefined): boolean;
}

export function scopeOf(requirement: ScopeRequirement): Scope {
  const { scopeName, operator, values = [] } = requirement;
  const isAsked: LabelMatcher = compileRequirement({ key: scopeName, operator: OPERATORS[operator] ?? 'exists', values });
  return { name: scopeName, requirement, matches: (value) => isAsked(value === undefined ? undefined : { [scopeName]: value }) };
}

export function scopesOf({ scopes = [], scopeSelector }: core.v1.ResourceQuotaSpec): Scope[] {
  const named = scopes.map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...named, ...(scopeSelector?.matchExpressions ?? [])].map(scopeOf);
}
