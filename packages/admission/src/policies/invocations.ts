import { type AdmissionAttributes, ApiError, type KubeObject, type ServedVersion } from '@keelson/machinery';
import type { Binding } from './binding.js';
import type { Policy } from './policy.js';
import type { BoundPolicy } from './policy-index.js';
import type { BindingSpec, PolicySpec } from './policy-objects.js';
import type { PolicyParameters } from './policy-parameters.js';
import { PolicyProblem } from './policy-problem.js';

/** A policy that is to be evaluated for a request because of one of its bindings. */
export interface EvaluableInvocation<P, B> {
  readonly policy: P;
  readonly binding: B;
  /** In which the policy is to see the request's objects. */
  readonly version: ServedVersion;
  /** Once with each of them. */
  readonly params: readonly (KubeObject | undefined)[];
  readonly problem?: undefined;
}

/** Such a policy, or why it cannot be evaluated. */
export type Invocation<P, B> =
  | EvaluableInvocation<P, B>
  | { readonly policy: P; readonly binding: B | undefined; readonly problem: string };

/** What is to be done about a request, in the order of the policies. */
export async function* invocationsOf<S extends PolicySpec, T extends BindingSpec, R>(
  attributes: AdmissionAttributes,
  concerned: readonly BoundPolicy<Policy<S, R>, Binding<T>>[],
  parameters: PolicyParameters,
): AsyncGenerator<Invocation<Policy<S, R>, Binding<T>>> {
  for (const { policy, bindings } of concerned) {
    try {
      const version = await policy.matcher.match(attributes);
      if (version === undefined) continue;
      const { paramKind } = policy;
      if (paramKind !== undefined) parameters.resourceOf(paramKind);
      for (const binding of bindings) {
        try {
          if (binding.matcher !== undefined && (await binding.matcher.match(attributes)) === undefined) continue;
          const { paramRef } = binding.spec;
          const params = paramKind === undefined ? [undefined] : await parameters.collect(paramKind, paramRef, attributes.namespace);
          yield { policy, binding, version, params };
        } catch (error) {
          yield { policy, binding, problem: `failed to configure binding: ${problemOf(error)}` };
        }
      }
    } catch (error) {
      yield { policy, binding: undefined, problem: `failed to configure policy: ${problemOf(error)}` };
    }
  }
}

function problemOf(error: unknown): string {
  if (error instanceof PolicyProblem || error instanceof ApiError) return error.message;
  throw error;
}
