import type { UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';

type Rule = flowcontrol.v1.PolicyRulesWithSubjects;
type ResourceRule = flowcontrol.v1.ResourcePolicyRule;
type NonResourceRule = flowcontrol.v1.NonResourcePolicyRule;
type UserCheck = (user: UserInfo) => boolean;

/** Whether a schema takes a request of a user that is known already. */
export type InfoCheck = (info: RequestInfo) => boolean;
/** What a schema takes of a user's requests; undefined: none of them. */
export type SchemaMatcher = (user: UserInfo) => InfoCheck | undefined;

interface CompiledRule {
  readonly isSubject: UserCheck;
  readonly resources: readonly InfoCheck[];
  readonly paths: readonly InfoCheck[];
}

/** A flow schema is about a request when one of its rules is, and the user one of that rule's subjects. */
export function compileSchema({ rules = [] }: flowcontrol.v1.FlowSchemaSpec): SchemaMatcher {
  const compiled = rules.map(compileRule);
  return (user) => {
    const own = compiled.filter(({ isSubject }) => isSubject(user));
    if (own.length === 0) return undefined;
    const resources = own.flatMap((rule) => rule.resources);
    const paths = own.flatMap((rule) => rule.paths);
    return (info) => (info.isResourceRequest ? resources : paths).some((matches) => matches(info));
  };
}

function compileRule({ subjects, resourceRules = [], nonResourceRules = [] }: Rule): CompiledRule {
  return {
    isSubject: compileSubjects(subjects ?? []),
    resources: resourceRules.map(compileResourceRule),
    paths: nonResourceRules.map(compileNonResourceRule),
  };
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
