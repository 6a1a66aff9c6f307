import { formatGroupResource, type Json, path, required } from '@keelson/machinery';
import { type ConfigurationKind, readInnerConfiguration, shape } from '@keelson/schema';
import { type Scope, scopeOf } from './scope.js';

/** Something that may only be used where a quota covers it. */
export interface LimitedResource {
  /** `persistentvolumeclaims`, `deployments.apps` */
  readonly resource: string;
  /** Parts of the names of what is limited. */
  readonly matchContains: readonly string[];
  /** Objects of these scopes are limited. */
  readonly matchScopes: readonly Scope[];
}

const { fields, listOf, text } = shape;

const configurationShape = fields({
  limitedResources: listOf(
    fields({
      apiGroup: text,
      resource: text,
      matchContains: listOf(text),
      matchScopes: listOf(fields({ scopeName: text, operator: text, values: listOf(text) })),
    }),
  ),
});

type Kind = ConfigurationKind<shape.Shaped<typeof configurationShape>>;

const resourceQuotaConfiguration: Kind = {
  kind: 'ResourceQuotaConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1'],
  shape: configurationShape,
};

/** The same, by its older name. */
const configuration: Kind = {
  kind: 'Configuration',
  apiVersions: ['resourcequota.admission.k8s.io/v1beta1', 'resourcequota.admission.k8s.io/v1alpha1'],
  shape: configurationShape,
};

/** Checks what the configuration file says of this plugin; nothing is limited without it. */
export function readLimitedResources(given: Json | undefined): readonly LimitedResource[] {
  if (given === undefined) return [];
  const isOld = typeof given === 'object' && given !== null && !Array.isArray(given) && given.kind === configuration.kind;
  const { limitedResources = [] } = readInnerConfiguration(given, isOld ? configuration : resourceQuotaConfiguration).value;
  return limitedResources.map(({ apiGroup: group = '', resource = '', matchContains = [], matchScopes = [] }, i) => {
    if (resource === '') throw new Error(String(required(path('limitedResources').index(i).child('resource'))));
    const scopes = matchScopes.map(({ scopeName = '', operator = '', values = [] }) =>
      scopeOf({ scopeName, operator, values: [...values] }),
    );
    return { resource: formatGroupResource({ group, resource }), matchContains, matchScopes: scopes };
  });
}
