import type { NamespaceLabels } from '../matching/namespace-labels.js';
import type { RequestMatcher } from '../matching/request-matcher.js';
import { policyMatcher } from './policy-matcher.js';
import type { BindingObject, BindingSpec } from './policy-objects.js';

/** What puts a policy to work: for some of the requests that the policy is about, with parameters. */
export class Binding<S extends BindingSpec> {
  readonly name: string;
  readonly spec: S;
  /** Undefined: for all of them. */
  readonly matcher: RequestMatcher | undefined;

  constructor({ metadata, spec }: BindingObject<S>, namespaces: NamespaceLabels) {
    this.name = metadata.name ?? '';
    this.spec = spec;
    this.matcher = spec.matchResources && policyMatcher(spec.matchResources, namespaces);
  }
}
