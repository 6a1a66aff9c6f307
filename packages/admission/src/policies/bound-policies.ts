import type { AdmissionAttributes, Authorizer, ObjectReader } from '@keelson/machinery';
import type { PluginHost } from '../plugin-host.js';
import type { Binding } from './binding.js';
import { type Invocation, invocationsOf } from './invocations.js';
import type { Policy } from './policy.js';
import { type BoundPolicy, PolicyIndex, type PolicyKind } from './policy-index.js';
import type { BindingSpec, PolicySpec } from './policy-objects.js';
import { PolicyParameters } from './policy-parameters.js';
import { PolicyRequest } from './policy-request.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** The policies of a kind that are at work, and what their evaluation takes. */
export class BoundPolicies<S extends PolicySpec, T extends BindingSpec, R> {
  readonly #index: PolicyIndex<S, T, R>;
  readonly #parameters: PolicyParameters;
  readonly #authorizer: Authorizer;
  readonly #namespaces: ObjectReader;

  constructor({ objects, authorizer }: Pick<PluginHost, 'objects' | 'authorizer'>, kind: PolicyKind<S, R>) {
    this.#index = new PolicyIndex(objects, kind);
    this.#parameters = new PolicyParameters(objects);
    this.#authorizer = authorizer;
    this.#namespaces = objects.reader(NAMESPACES);
  }

  /** Those that may be about such requests. */
  concerned(attributes: AdmissionAttributes): readonly BoundPolicy<Policy<S, R>, Binding<T>>[] {
    return this.#index.concerned(attributes);
  }

  request(attributes: AdmissionAttributes): PolicyRequest {
    return new PolicyRequest(attributes, this.#authorizer, this.#namespaces);
  }

  /** What is to be evaluated for a request. */
  invocations(
    attributes: AdmissionAttributes,
    concerned: readonly BoundPolicy<Policy<S, R>, Binding<T>>[],
  ): AsyncGenerator<Invocation<Policy<S, R>, Binding<T>>> {
    return invocationsOf(attributes, concerned, this.#parameters);
  }
}
