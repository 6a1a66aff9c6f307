import { dns1123Label, type FieldError, type KubeObject, path, validateNonNegative } from '@keelson/machinery';
import { apps, autoscaling, core, type KindSchema } from '@keelson/schema';
import { type ApiGroup, defineGroup } from '../resource/api-group.js';
import { age, col, nameColumn } from '../resource/columns.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { defineResource, type Resource } from '../resource/resource.js';
import { scale, status } from '../resource/subresources.js';

type Deployment = apps.v1.Deployment;
type Namespace = core.v1.Namespace;

/** A resource that is stored and served, and has no rules of its own. */
export function plainResource<T extends KubeObject>(
  kind: KindSchema<T>,
  plural: string,
  scope: ResourceDefinition<T>['scope'] = 'Namespaced',
): Resource {
  return defineResource(kind, { names: { plural }, scope, storage: { key: plural } });
}

export function createConfigMaps(): Resource {
  return defineResource(core.v1.ConfigMap, {
    names: { plural: 'configmaps', short: ['cm'] },
    scope: 'Namespaced',
    storage: { key: 'configmaps' },
    columns: [nameColumn(), col('Data', ({ data }) => Object.keys(data ?? {}).length, { type: 'integer' }), age()],
  });
}

/** Can be selected by type; its deletion answers with the object. */
function createSecrets(): Resource {
  return defineResource(core.v1.Secret, {
    names: { plural: 'secrets' },
    scope: 'Namespaced',
    storage: { key: 'secrets' },
    selectableFields: { type: ({ type }) => type ?? '' },
    deleteReturns: 'object',
    defaults(secret) {
      secret.type ||= 'Opaque';
    },
  });
}

/** Stays for a while when it is deleted, as pods on a node do. */
export function createPods(): Resource {
  return defineResource(core.v1.Pod, {
    names: { plural: 'pods' },
    scope: 'Namespaced',
    storage: { key: 'pods', triggerField: 'spec.nodeName' },
    selectableFields: { 'spec.nodeName': ({ spec }) => spec.nodeName ?? '' },
    resetFields: ['status'],
    deleteReturns: 'object',
    graceSeconds: (pod, { gracePeriodSeconds }) => gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30,
    subresources: { status: status() },
  });
}

function validateReplicas({ spec }: Deployment): FieldError[] {
  return validateNonNegative(spec.replicas ?? 0, path('spec', 'replicas'));
}

/** Has a generation, a status and a scale. */
function createDeployments(): Resource {
  return defineResource(apps.v1.Deployment, {
    names: { plural: 'deployments', short: ['deploy'], categories: ['all'] },
    scope: 'Namespaced',
    storage: { key: 'deployments' },
    resetFields: ['status'],
    generationOf: ({ spec }) => spec,
    subresources: {
      status: status(),
      scale: scale<Deployment>({
        kind: autoscaling.v1.Scale,
        specReplicas: ({ spec }) => spec.replicas,
        setSpecReplicas: ({ spec }, replicas) => {
          spec.replicas = replicas;
        },
        statusReplicas: ({ status }) => status.replicas,
        validate: validateReplicas,
      }),
    },
    defaults({ spec }) {
      spec.replicas ??= 1;
    },
    validate: validateReplicas,
    columns: [nameColumn(), col('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`), age()],
  });
}

/** Cluster-scoped; its spec holds it when it is deleted. */
export function createNamespaces(): Resource {
  return defineResource<Namespace>(core.v1.Namespace, {
    names: { plural: 'namespaces', short: ['ns'] },
    scope: 'Cluster',
    storage: { key: 'namespaces' },
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    nameForm: dns1123Label,
    deleteReturns: 'object',
    resetFields: ['status'],
    prepareForCreate(namespace) {
      namespace.status = { phase: 'Active' };
      namespace.spec.finalizers = ['kubernetes'];
    },
    prepareForUpdate(namespace, old) {
      namespace.spec = old.spec;
    },
    subresources: {
      finalize: {
        type: 'part',
        verbs: ['update'],
        resetFields: ['status'],
        prepareForUpdate(namespace, old) {
          namespace.status = old.status;
        },
      },
    },
    holdsDeletion: ({ spec }) => (spec.finalizers?.length ?? 0) > 0,
    onDeletionStart(namespace) {
      namespace.status.phase = 'Terminating';
    },
  });
}

/** Groups that are enough to show every behaviour of the verbs. New ones each time, for a resource belongs to one server. */
export function createTestGroups(more: readonly Resource[] = []): ApiGroup[] {
  return [
    defineGroup({
      group: '',
      priority: 18000,
      versions: [{ version: 'v1', priority: 1, enabledByDefault: true }],
      resources: [createConfigMaps(), createNamespaces(), createPods(), createSecrets(), ...more.filter(({ group }) => group === '')],
    }),
    defineGroup({
      group: 'apps',
      priority: 17800,
      versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
      resources: [createDeployments(), ...more.filter(({ group }) => group === 'apps')],
    }),
    ...[...new Set(more.map(({ group }) => group))]
      .filter((group) => group !== '' && group !== 'apps')
      .map((group) =>
        defineGroup({
          group,
          priority: 15000,
          versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
          resources: more.filter((resource) => resource.group === group),
        }),
      ),
  ];
}
