import type { UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';

type Rule = flowcontrol.v1.PolicyRulesWithSubjects;
type ResourceRule = flowcontrol.v1.ResourcePolicyRule;
type NonResourceRule = flowcontrol.v1.NonResourcePolicyRule;
type UserCheck = (user: UserInfo) => boolean;
type InfoCheck = (info: RequestInfo) => boolean;

export type SchemaMatcher = (info: RequestInfo, user: UserInfo) => boolean;
/** Tells the flows of a schema apart: those of one text share what they get. */
export type Distinguisher = (info: RequestInfo, user: UserInfo) => string;

/** Says whether a flow schema is about a request: one of its rules must be, and one of that rule's subjects the user. */
export function compileSchema({ rules = [] }: flowcontrol.v1.FlowSchemaSpec): SchemaMatcher {
  const compiled = rules.map(compileRule);
  return (info, user) => compiled.some((matches) => matches(info, user));
}

export function compileDistinguisher({ distinguisherMethod }: flowcontrol.v1.FlowSchemaSpec): Distinguisher {
  if (distinguisherMethod?.type === 'ByUser') return (_, user) => user.name;
  return distinguisherMethod?.type === 'ByNamespace' ? (info) => info.namespace : () => '';
}

function compileRule({ subjects, resourceRules = [], nonResourceRules = [] }: Rule): SchemaMatcher {
  const isSubject = compileSubjects(subjects ?? []);
  const ofResources = resourceRules.map(compileResourceRule);
  const ofPaths = nonResourceRules.map(compileNonResourceRule);
  return (info, user) => isSubject(user) && (info.isResourceRequest ? ofResources : ofPaths).some((matches) => matches(info));
}

function compileSubjects(subjects: readonly flowcontrol.v1.Subject[]): UserCheck {
  const users = new Set<string>();
  const groups = new Set<string>();
  const accountsOf: string[] = [];
  for (const { kind, user, group, serviceAccount } of subjects) {
    if (kind === 'User' && user !== undefined) users.add(user.name);
    else if (kind === 'Group' && group !== undefined) groups.add(group.name);
    else if (kind === 'ServiceAccount' && serviceAccount !== undefined) {
      const namespace = `system:serviceaccount:${serviceAccount.namespace}:`;
      if (serviceAccount.name === '*') accountsOf.push(namespace);
      else users.add(namespace + serviceAccount.name);
    }
  }
  if (users.has('*') || groups.has('*')) return () => true;
  return ({ name, groups: own }) =>
    users.has(name) || (groups.size > 0 && own.some((group) => groups.has(group))) || accountsOf.some((start) => name.startsWith(start));
}

function compileResourceRule({ verbs, apiGroups, resources, clusterScope = false, namespaces = [] }: ResourceRule): InfoCheck {
  const isVerb = oneOf(verbs);
  const isGroup = oneOf(apiGroups);
  const isResource = oneOf(resources);
  const isNamespace = oneOf(namespaces);
  return ({ verb, apiGroup, resource, subresource, namespace }) =>
    isVerb(verb) &&
    isGroup(apiGroup) &&
    isResource(subresource === '' ? resource : `${resource}/${subresource}`) &&
    (namespace === '' ? clusterScope : isNamespace(namespace));
}

function compileNonResourceRule({ verbs, nonResourceURLs }: NonResourceRule): InfoCheck {
  const isVerb = oneOf(verbs);
  const paths = (nonResourceURLs ?? []).map((path) => {
    const start = path.replace(/\*$/, '');
    return { path, start: start.endsWith('/') ? start : `${start}/` };
  });
  return (info) => isVerb(info.verb) && paths.some(({ path, start }) => path === '*' || path === info.path || info.path.startsWith(start));
}

/** `*` alone stands for everything. */
function oneOf(names: readonly string[] | null): (name: string) => boolean {
  if (names?.length === 1 && names[0] === '*') return () => true;
  const wanted = new Set(names);
  return (name) => wanted.has(name);
}
