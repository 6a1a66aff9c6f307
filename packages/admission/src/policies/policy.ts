import type { AdmissionAttributes } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { NamespaceLabels } from '../matching/namespace-labels.js';
import type { RequestMatcher } from '../matching/request-matcher.js';
import { looksAtNames, policyMatcher } from './policy-matcher.js';
import type { PolicyObject, PolicySpec } from './policy-objects.js';

/** A policy, compiled. `R`: what its expressions were compiled to. */
export class Policy<S extends PolicySpec, R> {
  readonly name: string;
  readonly spec: S;
  /** Whether a request goes on as if there were no policy when that cannot be evaluated. */
  readonly ignorable: boolean;
  readonly paramKind: admissionregistration.v1.ParamKind | undefined;
  readonly matcher: RequestMatcher;
  readonly #looksAtNames: boolean;
  readonly #compile: (spec: S) => R;
  #rules: R | undefined;

  constructor({ metadata, spec }: PolicyObject<S>, namespaces: NamespaceLabels, compile: (spec: S) => R) {
    const { matchConstraints = {} } = spec;
    this.name = metadata.name ?? '';
    this.spec = spec;
    this.ignorable = spec.failurePolicy === 'Ignore';
    this.paramKind = spec.paramKind;
    this.matcher = policyMatcher(matchConstraints, namespaces);
    this.#looksAtNames = looksAtNames(matchConstraints);
    this.#compile = compile;
  }

  /** Compiled when first asked for. */
  get rules(): R {
    this.#rules ??= this.#compile(this.spec);
    return this.#rules;
  }

  /** Whether it may be about such requests. */
  concerns(attributes: AdmissionAttributes): boolean {
    return this.#looksAtNames || this.matcher.matchRules(attributes) !== undefined;
  }
}
