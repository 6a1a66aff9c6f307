import { ApiError, formatGroupResource } from '@keelson/machinery';
import { refusedWrite } from '../refused-write.js';
import { describeNames } from './amounts.js';
import type { LimitedResource } from './configuration.js';
import { matchesScope } from './evaluators/evaluator.js';
import type { QuotaRequest } from './quota-request.js';
import type { QuotaState } from './quota-state.js';
import type { Scope } from './scope.js';

/** Refuses, by throwing, what uses something limited that no quota covers. */
export function requireCoverage(request: QuotaRequest, quotas: readonly QuotaState[], limited: readonly LimitedResource[]): void {
  if (limited.length === 0 || !usesMore(request, quotas)) return;
  const { attributes, evaluator, object } = request;
  const covered = new Set(
    quotas.filter((quota) => request.isAbout(quota)).flatMap(({ hard }) => [...hard.keys()].filter(evaluator.tracks)),
  );
  const uncovered = limitedNames(request, limited).filter((name) => !covered.has(name));
  if (uncovered.length > 0) throw refusedWrite(attributes, `insufficient quota to consume: ${describeNames(new Set(uncovered))}`);
  const holds = (scope: Scope) => matchesScope(evaluator, scope, object);
  const coveredScopes = new Set(quotas.flatMap(({ scopes }) => scopes.filter(holds).map(({ name }) => name)));
  const missing = limited.flatMap(({ matchScopes }) => matchScopes.filter((scope) => holds(scope) && !coveredScopes.has(scope.name)));
  if (missing.length > 0) throw new ApiError(500, '', `insufficient quota to match these scopes: [${missing.map(describe).join(' ')}]`);
}

function usesMore(request: QuotaRequest, quotas: readonly QuotaState[]): boolean {
  const concerned = quotas.filter((quota) => request.isAbout(quota));
  return concerned.length === 0 ? request.grows : concerned.some((quota) => request.increase(quota).size > 0);
}

/** What the object uses of what is limited. */
function limitedNames({ attributes, usage }: QuotaRequest, limited: readonly LimitedResource[]): string[] {
  const own = formatGroupResource(attributes.resource);
  const parts = limited.filter(({ resource }) => resource === own).flatMap(({ matchContains }) => matchContains);
  return [...usage].filter(([name, { sign }]) => sign > 0 && parts.some((part) => name.includes(part))).map(([name]) => name);
}

function describe({ requirement: { scopeName, operator, values = [] } }: Scope): string {
  return `{${scopeName} ${operator} [${values.join(' ')}]}`;
}
