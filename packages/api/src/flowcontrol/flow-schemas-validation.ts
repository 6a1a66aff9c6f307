import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  required,
} from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateMandatorySchema } from './mandatory-specs.js';

type FlowSchema = flowcontrol.v1.FlowSchema;
type Rule = flowcontrol.v1.PolicyRulesWithSubjects;
type Subject = flowcontrol.v1.Subject;
type ResourceRule = flowcontrol.v1.ResourcePolicyRule;

const specPath = path('spec');
const maxPrecedence = 10000;
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const any = '*';

/** By kind of a subject: the field that says more of it. */
const subjectFields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;
type SubjectKind = keyof typeof subjectFields;

function validatePrecedence({ metadata, spec }: FlowSchema): FieldError[] {
  const at = specPath.child('matchingPrecedence');
  const { matchingPrecedence: precedence } = spec;
  if (precedence <= 0) return [invalidField(at, precedence, 'must be a positive value')];
  if (precedence > maxPrecedence) return [invalidField(at, precedence, `must not be greater than ${maxPrecedence}`)];
  if (precedence > 1 || metadata.name === 'exempt') return [];
  return [invalidField(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")];
}

function validateDistinguisher(method: flowcontrol.v1.FlowDistinguisherMethod | undefined): FieldError[] {
  const supported = ['ByNamespace', 'ByUser'];
  if (method === undefined || supported.includes(method.type)) return [];
  return [notSupported(specPath.child('distinguisherMethod', 'type'), { Type: method.type }, supported)];
}

function validatePriorityLevel(name: string): FieldError[] {
  const at = specPath.child('priorityLevelConfiguration', 'name');
  return name === '' ? [required(at, 'must reference a priority level')] : validateForm(name, at, dns1123Subdomain);
}

/** At least one, and nothing beside a `*`, which means all. */
function validateWildcardList(list: readonly string[], at: FieldPath, missing: string, noun: string): FieldError[] {
  if (list.length === 0) return [required(at, missing)];
  return list.length > 1 && list.includes(any) ? [invalidField(at, list, `if '*' is present, must not specify other ${noun}`)] : [];
}

function validateVerbs(given: readonly string[], at: FieldPath): FieldError[] {
  const errors = validateWildcardList(given, at, 'verbs must contain at least one value', 'verbs');
  const unknown = !given.includes(any) && given.some((verb) => !verbs.includes(verb));
  return unknown ? [...errors, notSupported(at, given, verbs)] : errors;
}

function validateNamespaces({ namespaces, clusterScope }: ResourceRule, at: FieldPath): FieldError[] {
  const given = namespaces ?? [];
  if (given.length === 0) {
    return clusterScope ? [] : [required(at, 'resource rules that are not cluster scoped must supply at least one namespace')];
  }
  if (given.length > 1 && given.includes(any)) {
    return [invalidField(at, given, "if '*' is present, must not specify other namespaces")];
  }
  return given.flatMap((namespace, i) =>
    (namespace === any ? [] : dns1123Label(namespace)).map((detail) =>
      invalidField(at.index(i), namespace, `each member of this list must be '*' or a DNS-1123 label; ${detail}`),
    ),
  );
}

function validateResourceRule(rule: ResourceRule, at: FieldPath): FieldError[] {
  return [
    ...validateVerbs(rule.verbs ?? [], at.child('verbs')),
    ...validateWildcardList(rule.apiGroups ?? [], at.child('apiGroups'), 'resource rules must supply at least one api group', 'api groups'),
    ...validateWildcardList(rule.resources ?? [], at.child('resources'), 'resource rules must supply at least one resource', 'resources'),
    ...validateNamespaces(rule, at.child('namespaces')),
  ];
}

/** `/healthz`, `/api/*`: a star stands for what follows, and so is the last there is. */
function validateUrl(url: string, at: FieldPath): FieldError[] {
  if (url === '') return [invalidField(at, url, 'must not be empty')];
  if (!url.startsWith('/')) return [invalidField(at, url, 'must start with slash')];
  if (url.includes(' ')) return [invalidField(at, url, 'must not contain white-space')];
  if (url.includes('//')) return [invalidField(at, url, 'must not contain double slash')];
  const isPattern = !url.includes(any) || url.indexOf(any) === url.length - 1;
  return isPattern && (url.endsWith('/*') || !url.endsWith(any)) ? [] : [invalidField(at, url, 'wildcard can only do suffix matching')];
}

function validateNonResourceRule(rule: flowcontrol.v1.NonResourcePolicyRule, at: FieldPath): FieldError[] {
  const urls = rule.nonResourceURLs ?? [];
  const here = at.child('nonResourceURLs');
  return [
    ...validateVerbs(rule.verbs ?? [], at.child('verbs')),
    ...validateWildcardList(urls, here, 'nonResourceURLs must contain at least one value', 'non-resource URLs'),
    ...(urls.includes(any) ? [] : urls.flatMap((url, i) => validateUrl(url, here.index(i)))),
  ];
}

function validateServiceAccount({ name, namespace }: flowcontrol.v1.ServiceAccountSubject, at: FieldPath): FieldError[] {
  return [
    ...(name === '' ? [required(at.child('name'))] : []),
    ...(name === '' || name === any ? [] : validateForm(name, at.child('name'), dns1123Subdomain)),
    ...(namespace === ''
      ? [required(at.child('namespace'), 'must specify namespace for service account')]
      : validateForm(namespace, at.child('namespace'), dns1123Label)),
  ];
}

function validateSubject(subject: Subject, at: FieldPath): FieldError[] {
  const kinds = Object.keys(subjectFields) as SubjectKind[];
  const kind = kinds.find((each) => each === subject.kind);
  if (kind === undefined) return [notSupported(at.child('kind'), subject.kind, kinds.sort())];
  const strangers = kinds.filter((other) => other !== kind && subject[subjectFields[other]] !== undefined);
  return [
    ...validateSubjectField(subject, kind, at.child(subjectFields[kind])),
    ...strangers.map((other) => {
      const field = subjectFields[other];
      return forbiddenField(at.child(field), `${field} is forbidden when subject kind is not '${other}'`);
    }),
  ];
}

function validateSubjectField(subject: Subject, kind: SubjectKind, at: FieldPath): FieldError[] {
  const field = subjectFields[kind];
  const said = subject[field];
  if (said === undefined) return [required(at, `${field} is required when subject kind is '${kind}'`)];
  if (field === 'serviceAccount') return validateServiceAccount(said as flowcontrol.v1.ServiceAccountSubject, at);
  return said.name === '' ? [required(at.child('name'))] : [];
}

function validateRule({ subjects, resourceRules = [], nonResourceRules = [] }: Rule, at: FieldPath): FieldError[] {
  const noRules = resourceRules.length === 0 && nonResourceRules.length === 0;
  return [
    ...(subjects?.length ? [] : [required(at.child('subjects'), 'subjects must contain at least one value')]),
    ...(subjects ?? []).flatMap((subject, i) => validateSubject(subject, at.child('subjects').index(i))),
    ...(noRules ? [required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty')] : []),
    ...resourceRules.flatMap((rule, i) => validateResourceRule(rule, at.child('resourceRules').index(i))),
    ...nonResourceRules.flatMap((rule, i) => validateNonResourceRule(rule, at.child('nonResourceRules').index(i))),
  ];
}

export function validateFlowSchema(schema: FlowSchema): FieldError[] {
  const { spec } = schema;
  return [
    ...validatePrecedence(schema),
    ...validateDistinguisher(spec.distinguisherMethod),
    ...validatePriorityLevel(spec.priorityLevelConfiguration.name),
    ...(spec.rules ?? []).flatMap((rule, i) => validateRule(rule, specPath.child('rules').index(i))),
    ...validateMandatorySchema(schema),
  ];
}
