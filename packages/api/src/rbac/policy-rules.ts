import { quoteList } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';

export type PolicyRule = rbac.v1.PolicyRule;

const any = '*';

/** The rule as rules of one verb on one resource, or one URL: as many as `permissionsIn` says. */
function breakDown(rule: PolicyRule): PolicyRule[] {
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

/** How many permissions of one verb on one object, or one URL, a rule is made of. */
export function permissionsIn({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number {
  const objects = (apiGroups?.length ?? 0) * (resources?.length ?? 0) * Math.max(resourceNames?.length ?? 0, 1);
  return (verbs?.length ?? 0) * (objects + (nonResourceURLs?.length ?? 0));
}

/** True when whoever holds `held` may do all that `wanted` says. */
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

/** Those of the rules that none of those held covers as a whole; several may together. */
export function openRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.filter((rule) => !held.some((each) => covers(each, rule)));
}

/** What of `wanted` is in none of the rules held, broken down. */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return openRules(held, openRules(held, wanted).flatMap(breakDown));
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
