import { admissionregistration } from '@keelson/schema';
import { expect, it } from 'vitest';
import { mutatingAdmissionPolicies } from './mutating-admission-policies.js';
import { mutatingAdmissionPolicyBindings } from './mutating-admission-policy-bindings.js';

const { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } = admissionregistration.v1alpha1;

const context = { apiVersion: 'admissionregistration.k8s.io/v1beta1' } as never;
const applyConfiguration = { expression: 'Object{}' };
const jsonPatch = { expression: '[JSONPatch{op: "remove", path: "/a"}]' };

function resources(...operations: string[]): object {
  const rule = { operations, apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], scope: '*' };
  return { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, resourceRules: [rule] };
}

function problems(mutation: object, ...operations: string[]): string[] {
  const spec = { failurePolicy: 'Fail', matchConstraints: resources(...operations), mutations: [mutation], reinvocationPolicy: 'Never' };
  const policy = MutatingAdmissionPolicy.codec.fromJson({ metadata: {}, spec } as never);
  return (mutatingAdmissionPolicies.definition.validate?.(policy, undefined, context) ?? ['not validated']).map(String);
}

function problemsOfBinding(...operations: string[]): string[] {
  const spec = { policyName: 'p', matchResources: resources(...operations) };
  const binding = MutatingAdmissionPolicyBinding.codec.fromJson({ metadata: {}, spec } as never);
  return (mutatingAdmissionPolicyBindings.definition.validate?.(binding, undefined, context) ?? ['not validated']).map(String);
}

it('takes the expression of one type alone', () => {
  expect(problems({ patchType: 'ApplyConfiguration', applyConfiguration }, 'CREATE')).toEqual([]);
  expect(problems({ patchType: 'ApplyConfiguration', applyConfiguration, jsonPatch }, 'CREATE')).toEqual([
    'spec.mutations[0].jsonPatch: Invalid value: "{jsonPatch}": must not be specified when patchType is ApplyConfiguration',
  ]);
  expect(problems({ patchType: 'JSONPatch', applyConfiguration }, 'CREATE')).toEqual([
    'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
    'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
  ]);
});

it('changes nothing of what is deleted', () => {
  const problem = (field: string) =>
    `spec.${field}.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"`;
  expect(problems({ patchType: 'JSONPatch', jsonPatch }, 'CREATE', 'DELETE')).toEqual([problem('matchConstraints')]);
  expect(problemsOfBinding('UPDATE', 'DELETE')).toEqual([problem('matchResources')]);
  expect(problemsOfBinding('*')).toEqual([]);
});
