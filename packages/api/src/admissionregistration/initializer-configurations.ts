import { type FieldError, type FieldPath, invalidField, path, required, validateFullyQualifiedName } from '@keelson/machinery';
import { admissionregistration } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { validateApiLists, validateWildcardList } from './rules-validation.js';

type Configuration = admissionregistration.v1alpha1.InitializerConfiguration;
type Rule = admissionregistration.v1alpha1.Rule;

function validate({ initializers = [] }: Configuration): FieldError[] {
  return initializers.flatMap(({ name, rules = [] }, i) => {
    const at = path('initializers').index(i);
    return [
      ...validateFullyQualifiedName(name, at.child('name')),
      ...rules.flatMap((rule, j) => validateRule(rule, at.child('rules').index(j))),
    ];
  });
}

function validateRule(rule: Rule, at: FieldPath): FieldError[] {
  return [...validateApiLists(rule, at), ...validateResources(rule.resources ?? [], at.child('resources'))];
}

function validateResources(resources: readonly string[], at: FieldPath): FieldError[] {
  if (resources.length === 0) return [required(at)];
  const errors = resources.flatMap((resource, i) => {
    if (resource === '') return [required(at.index(i))];
    return resource.includes('/') ? [invalidField(at.index(i), resource, 'must not specify subresources')] : [];
  });
  return [...errors, ...validateWildcardList(resources, at, 'resources')];
}

/** Which initializers new objects wait for. Served where the admission plugin Initializers runs. */
export const initializerConfigurations = defineResource<Configuration>(admissionregistration.v1alpha1.InitializerConfiguration, {
  names: { plural: 'initializerconfigurations' },
  scope: 'Cluster',
  storage: { key: 'initializerconfigurations' },
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ initializers }) => initializers,
  validate,
});
