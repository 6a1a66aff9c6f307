import type { KubeObject } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

/** What policies that validate and policies that mutate have in common. */
export interface PolicySpec {
  readonly failurePolicy?: string;
  readonly paramKind?: admissionregistration.v1.ParamKind;
  readonly matchConstraints?: admissionregistration.v1.MatchResources;
  readonly variables?: readonly admissionregistration.v1.Variable[];
  readonly matchConditions?: readonly admissionregistration.v1.MatchCondition[];
}

export interface PolicyObject<S extends PolicySpec = PolicySpec> extends KubeObject {
  readonly spec: S;
}

/** What bindings of both have in common. */
export interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: admissionregistration.v1.ParamRef;
  readonly matchResources?: admissionregistration.v1.MatchResources;
}

export interface BindingObject<S extends BindingSpec = BindingSpec> extends KubeObject {
  readonly spec: S;
}
