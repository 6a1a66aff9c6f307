import { dns1123Subdomain, type FieldError, type FieldPath, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { audit } from '@keelson/schema';
import { auditLevels, auditStages } from '../audit-level.js';

/** What is wrong with a policy, in kube-apiserver's words and order. */
export function validatePolicy({ omitStages, rules }: audit.v1.Policy): FieldError[] {
  return [
    ...stageErrors(omitStages, path('omitStages')),
    ...(rules ?? []).flatMap((rule, at) => ruleErrors(rule, path('rules').index(at))),
  ];
}

function ruleErrors(rule: audit.v1.PolicyRule, where: FieldPath): FieldError[] {
  const urls = rule.nonResourceURLs ?? [];
  const both = urls.length > 0 && ((rule.resources?.length ?? 0) > 0 || (rule.namespaces?.length ?? 0) > 0);
  return [
    ...levelErrors(rule.level, where.child('level')),
    ...urls.flatMap((url, at) => urlErrors(url, where.child('nonResourceURLs').index(at))),
    ...(rule.resources ?? []).flatMap((resources) => resourceErrors(resources, where.child('resources'))),
    ...stageErrors(rule.omitStages, where.child('omitStages')),
    ...(both
      ? [invalidField(where.child('nonResourceURLs'), urls, 'rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ];
}

function levelErrors(level: string, where: FieldPath): FieldError[] {
  if (level === '') return [required(where)];
  return (auditLevels as readonly string[]).includes(level) ? [] : [notSupported(where, level, auditLevels)];
}

function urlErrors(url: string, where: FieldPath): FieldError[] {
  if (url === '*') return [];
  const errors: FieldError[] = [];
  if (!url.startsWith('/')) errors.push(invalidField(where, url, "non-resource URL rules must begin with a '/' character"));
  if (url.slice(0, -1).includes('*'))
    errors.push(invalidField(where, url, "non-resource URL wildcards '*' must be the final character of the rule"));
  return errors;
}

/** Upstream names the list here, not the entry. */
function resourceErrors({ group = '', resources = [], resourceNames = [] }: audit.v1.GroupResources, where: FieldPath): FieldError[] {
  const problems = group === '' ? [] : dns1123Subdomain(group);
  const errors = problems.length === 0 ? [] : [invalidField(where.child('group'), group, problems.join(','))];
  if (resourceNames.length > 0 && resources.length === 0)
    errors.push(invalidField(where.child('resourceNames'), resourceNames, 'using resourceNames requires at least one resource'));
  return errors;
}

function stageErrors(stages: readonly string[] | undefined, where: FieldPath): FieldError[] {
  return (stages ?? []).flatMap((stage, at) =>
    (auditStages as readonly string[]).includes(stage)
      ? []
      : [invalidField(where.index(at), stage, `allowed stages are ${auditStages.join(',')}`)],
  );
}
