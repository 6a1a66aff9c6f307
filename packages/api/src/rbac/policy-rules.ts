import { quoteList } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';

export type PolicyRule = rbac.v1.PolicyRule;

const any = '*';

/** The rule as rules of one verb on one resource, or one URL. */
export function breakDown(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [undefined];
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      (verbs ?? []).flatMap((verb) =>
        names.map((name) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...(name && { resourceNames: name }) })),
      ),
    ),
  );
  const onUrls = (verbs ?? []).flatMap((verb) => nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...onResources, ...onUrls];
}

function includesAll(set: readonly string[] | null = [], wanted: readonly string[] | null = []): boolean {
  return (set ?? []).includes(any) || (wanted ?? []).every((each) => set?.includes(each));
}

/** A subresource may also be meant by its name with a star for what it is of. */
function coversResource(set: readonly string[], resource: string): boolean {
  const slash = resource.indexOf('/');
  return set.includes(any) || set.includes(resource) || (slash >= 0 && set.includes(`${any}${resource.slice(slash)}`));
}

function coversUrl(pattern: string, url: string): boolean {
  return pattern === any || pattern === url || (pattern.endsWith(any) && url.startsWith(pattern.slice(0, -1)));
}

/** True when whoever holds `held` may do all that the broken-down rule says. */
function covers(held: PolicyRule, wanted: PolicyRule): boolean {
  const { resources = [], nonResourceURLs = [], resourceNames = [] } = held;
  const names = wanted.resourceNames ?? [];
  return (
    includesAll(held.verbs, wanted.verbs) &&
    includesAll(held.apiGroups, wanted.apiGroups) &&
    (wanted.resources ?? []).every((resource) => coversResource(resources, resource)) &&
    (wanted.nonResourceURLs ?? []).every((url) => nonResourceURLs.some((pattern) => coversUrl(pattern, url))) &&
    (resourceNames.length === 0 || (names.length > 0 && names.every((name) => resourceNames.includes(name))))
  );
}

/** What of `wanted` is in none of the rules held, broken down. */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((rule) => !held.some((each) => covers(each, rule)));
}

/** Broken-down rules with those that differ in their verb alone put together. */
export function compact(rules: readonly PolicyRule[]): PolicyRule[] {
  const byTarget = new Map<string, PolicyRule>();
  for (const { verbs, ...target } of rules) {
    // URLs stay one by one.
    const key = JSON.stringify(target.nonResourceURLs ? { ...target, verbs } : target);
    const known = byTarget.get(key);
    byTarget.set(key, { ...target, verbs: [...(known?.verbs ?? []), ...(verbs ?? [])] });
  }
  return [...byTarget.values()];
}

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}` */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const said = Object.entries(parts).filter(([, texts]) => texts?.length);
  return `{${said.map(([name, texts]) => `${name}:${quoteList(texts ?? [])}`).join(', ')}}`;
}
