import type { UserInfo } from '@keelson/machinery';
import type { audit } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';

export type RequestMatcher = (info: RequestInfo, user: UserInfo | undefined) => boolean;

/** Says whether a request is one that the rule is about: everything that the rule names must fit. */
export function compileRule(rule: audit.v1.PolicyRule): RequestMatcher {
  const checks: RequestMatcher[] = [];
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule;
  if (users.length > 0) checks.push(among(users, (_, user) => user?.name));
  if (userGroups.length > 0) {
    const wanted = new Set(userGroups);
    checks.push((_, user) => user?.groups.some((group) => wanted.has(group)) === true);
  }
  if (verbs.length > 0) checks.push(among(verbs, ({ verb }) => verb));
  if (namespaces.length > 0 || resources.length > 0) {
    checks.push(({ isResourceRequest }) => isResourceRequest);
    if (namespaces.length > 0) checks.push(among(namespaces, ({ namespace }) => namespace));
    if (resources.length > 0) checks.push(anyOf(resources.map(compileResources)));
  } else if (nonResourceURLs.length > 0) {
    checks.push(({ isResourceRequest }) => !isResourceRequest, anyOf(nonResourceURLs.map(compileUrl)));
  }
  return (info, user) => checks.every((check) => check(info, user));
}

function among(values: readonly string[], read: (info: RequestInfo, user: UserInfo | undefined) => string | undefined): RequestMatcher {
  const wanted = new Set<string | undefined>(values);
  return (info, user) => wanted.has(read(info, user));
}

function anyOf(checks: readonly RequestMatcher[]): RequestMatcher {
  return (info, user) => checks.some((check) => check(info, user));
}

/** `*` is everything, and what ends with it everything that begins so. */
function compileUrl(url: string): RequestMatcher {
  const start = url.replace(/\*+$/, '');
  return url.endsWith('*') ? ({ path }) => path.startsWith(start) : ({ path }) => path === url;
}

function compileResources({ group = '', resources = [], resourceNames = [] }: audit.v1.GroupResources): RequestMatcher {
  const isNamed = resourceNames.length === 0 ? undefined : among(resourceNames, ({ name }) => name);
  const isOne = resources.length === 0 ? undefined : anyOf(resources.map(compileResource));
  return (info, user) => info.apiGroup === group && (isOne === undefined || ((isNamed?.(info, user) ?? true) && isOne(info, user)));
}

// `pods`, `pods/log`, `pods/*`, which stands for pods as well, `*/scale` or `*`.
function compileResource(text: string): RequestMatcher {
  if (text === '*') return () => true;
  const slash = text.indexOf('/');
  const [resource, subresource] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  if (slash >= 0 && subresource === '*') return (info) => info.resource === resource;
  if (slash >= 0 && resource === '*') return (info) => info.subresource !== '' && info.subresource === subresource;
  return (info) => info.resource === resource && info.subresource === subresource;
}
