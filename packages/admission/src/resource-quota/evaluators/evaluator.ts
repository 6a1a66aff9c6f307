import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import type { Amounts } from '../amounts.js';
import type { Scope } from '../scope.js';

/** Measures what the objects of a resource use. */
export interface QuotaEvaluator<T extends KubeObject = KubeObject> {
  /** Whether a write can change what is used. */
  handles(attributes: AdmissionAttributes): boolean;
  /** Whether it measures this, if it has a quota. */
  tracks(name: string): boolean;
  /** Absent: no scope is about these objects. */
  matchesScope?(scope: Scope, object: T): boolean;
  /** What an object must say and does not, where these of what it tracks have a quota. */
  missing?(tracked: ReadonlySet<string>, object: T): string | undefined;
  usage(object: T): Amounts;
}

export function matchesScope(evaluator: QuotaEvaluator, scope: Scope, object: KubeObject): boolean {
  return evaluator.matchesScope?.(scope, object) ?? false;
}

/** Whether a quota is about an object: it tracks something of it, and all of its scopes hold. */
export function isAbout(evaluator: QuotaEvaluator, hard: Amounts, scopes: readonly Scope[], object: KubeObject): boolean {
  return [...hard.keys()].some((name) => evaluator.tracks(name)) && scopes.every((scope) => matchesScope(evaluator, scope, object));
}

/** `count/deployments.apps`: whatever there is can be counted. */
export function objectCountName({ group, resource }: { readonly group: string; readonly resource: string }): string {
  return group === '' ? `count/${resource}` : `count/${resource}.${group}`;
}
