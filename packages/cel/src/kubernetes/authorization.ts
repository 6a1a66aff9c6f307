import type { authorization } from '@keelson/schema';
import type { Environment } from '../environment/environment.js';
import type { Bindings } from '../evaluate/run.js';
import { declaredTypes } from '../types/declared-types.js';
import { listOf, mapOf, STRING, structType } from '../types/type.js';
import { STORED_EXPRESSIONS } from './environments.js';

const REQUEST = structType('kubernetes.SubjectAccessReviewSpec');
const RESOURCE_ATTRIBUTES = structType('kubernetes.ResourceAttributes');
const NON_RESOURCE_ATTRIBUTES = structType('kubernetes.NonResourceAttributes');
const FIELD_SELECTOR = structType('kubernetes.FieldSelectorAttributes');
const LABEL_SELECTOR = structType('kubernetes.LabelSelectorAttributes');
const REQUIREMENT = structType('kubernetes.SelectorRequirement');
const STRINGS = listOf(STRING);

const SELECTOR_FIELDS = { rawSelector: STRING, requirements: listOf(REQUIREMENT) };

/** For match conditions of a webhook in an AuthorizationConfiguration: variable `request`. */
export const AUTHORIZATION_ENVIRONMENT: Environment = STORED_EXPRESSIONS.extend({
  variables: { request: REQUEST },
  types: declaredTypes({
    [REQUEST.name]: {
      resourceAttributes: RESOURCE_ATTRIBUTES,
      nonResourceAttributes: NON_RESOURCE_ATTRIBUTES,
      user: STRING,
      groups: STRINGS,
      extra: mapOf(STRING, STRINGS),
      uid: STRING,
    },
    [RESOURCE_ATTRIBUTES.name]: {
      namespace: STRING,
      verb: STRING,
      group: STRING,
      version: STRING,
      resource: STRING,
      subresource: STRING,
      name: STRING,
      fieldSelector: FIELD_SELECTOR,
      labelSelector: LABEL_SELECTOR,
    },
    [NON_RESOURCE_ATTRIBUTES.name]: { path: STRING, verb: STRING },
    [FIELD_SELECTOR.name]: SELECTOR_FIELDS,
    [LABEL_SELECTOR.name]: SELECTOR_FIELDS,
    [REQUIREMENT.name]: { key: STRING, operator: STRING, values: STRINGS },
  }),
});

/** The request as a SubjectAccessReview describes it, with what it leaves out. */
export function authorizationBindings({ user, groups, uid, extra, ...about }: authorization.v1.SubjectAccessReviewSpec): Bindings {
  const { resourceAttributes: resource, nonResourceAttributes: nonResource } = about;
  return {
    request: {
      user: user ?? '',
      groups: groups ?? [],
      uid: uid ?? '',
      extra: extra ?? {},
      ...(resource && { resourceAttributes: { ...NO_RESOURCE, ...resource } }),
      ...(nonResource && { nonResourceAttributes: { path: '', verb: '', ...nonResource } }),
    },
  };
}

const NO_RESOURCE = { namespace: '', verb: '', group: '', version: '', resource: '', subresource: '', name: '' };
