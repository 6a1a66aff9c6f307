import type { AdmissionAttributes, GroupVersionResource, ServedVersion } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

/** A rule of a webhook or policy, perhaps for some names only. */
export type Rule = admissionregistration.v1.NamedRuleWithOperations;

/** Whether a rule is about an operation on a resource. `namespace` is '' for what is outside of namespaces. */
export function matchesRule(rule: Rule, operation: AdmissionAttributes['operation'], namespace: string, version: ServedVersion): boolean {
  const { resource, subresource } = version;
  return (
    matchesScope(rule.scope, resource, namespace) &&
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, resource.group) &&
    includes(rule.apiVersions, resource.version) &&
    (rule.resources ?? []).some((wanted) => matchesResource(wanted, resource.resource, subresource))
  );
}

/** Namespaces are outside of namespaces, though requests for one are said to be in it. */
function matchesScope(scope: string | undefined, resource: GroupVersionResource, namespace: string): boolean {
  if (scope === undefined || scope === '*') return true;
  const outside = namespace === '' || isNamespaces(resource);
  return scope === 'Cluster' ? outside : scope === 'Namespaced' && !outside;
}

function isNamespaces({ group, version, resource }: GroupVersionResource): boolean {
  return resource === 'namespaces' && version === 'v1' && group === '';
}

function includes(wanted: readonly string[] | undefined, given: string): boolean {
  return wanted?.some((one) => one === '*' || one === given) ?? false;
}

/** `pods`, `pods/status`, or a star for either part: without a slash a resource is meant, and none of its subresources. */
function matchesResource(wanted: string, resource: string, subresource: string): boolean {
  const slash = wanted.indexOf('/');
  const wantedResource = slash < 0 ? wanted : wanted.slice(0, slash);
  const wantedSubresource = slash < 0 ? '' : wanted.slice(slash + 1);
  return (wantedResource === '*' || wantedResource === resource) && (wantedSubresource === '*' || wantedSubresource === subresource);
}
