import { apps, authorization, autoscaling, core, policy } from '@keelson/schema';
import type { ServedGroupVersion } from '../../installed-api.js';
import { defineResource, type Resource } from '../../resource/resource.js';
import { scale, status } from '../../resource/subresources.js';

const pods = defineResource(core.v1.Pod, {
  names: { plural: 'pods', short: ['po'], categories: ['all'] },
  scope: 'Namespaced',
  storage: { key: 'pods' },
  deleteReturns: 'object',
  subresources: {
    log: { type: 'connect', kind: 'Pod', methods: ['GET'] },
    exec: { type: 'connect', kind: 'PodExecOptions', methods: ['GET', 'POST'] },
    proxy: { type: 'connect', kind: 'PodProxyOptions', methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
    eviction: { type: 'action', kind: policy.v1.Eviction as never, create: async (object) => object },
    status: status(),
  },
});

const namespaces = defineResource(core.v1.Namespace, {
  names: { plural: 'namespaces', short: ['ns'] },
  scope: 'Cluster',
  storage: { key: 'namespaces' },
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  deleteReturns: 'object',
});

const deployments = defineResource(apps.v1.Deployment, {
  names: { plural: 'deployments', short: ['deploy'], categories: ['all'] },
  scope: 'Namespaced',
  storage: { key: 'deployments' },
  subresources: {
    status: status(),
    scale: scale({
      kind: autoscaling.v1.Scale,
      specReplicas: () => undefined,
      setSpecReplicas: () => undefined,
      statusReplicas: () => undefined,
    }),
  },
});

const autoscalers = defineResource(autoscaling.v2.HorizontalPodAutoscaler, {
  names: { plural: 'horizontalpodautoscalers', short: ['hpa'], categories: ['all'] },
  scope: 'Namespaced',
  storage: { key: 'horizontalpodautoscalers' },
  versions: [{ kind: autoscaling.v1.HorizontalPodAutoscaler }],
});

const accessReviews = defineResource(authorization.v1.SubjectAccessReview, {
  names: { plural: 'subjectaccessreviews' },
  scope: 'Cluster',
  storage: { key: 'subjectaccessreviews' },
  verbs: ['create'],
  review: (review) => review,
});

function served(group: string, version: string, priorities: [group: number, version: number], resources: Resource[]): ServedGroupVersion {
  const [groupPriority, versionPriority] = priorities;
  return { group, version, groupPriority, versionPriority, resources: resources.flatMap((one) => one.inVersion(group, version) ?? []) };
}

/** A few kinds of everything, in no order. */
export const sampleGroups: readonly ServedGroupVersion[] = [
  served('authorization.k8s.io', 'v1', [17600, 15], [accessReviews]),
  served('autoscaling', 'v1', [17500, 15], [autoscalers]),
  served('autoscaling', 'v2', [17500, 30], [autoscalers]),
  served('apps', 'v1', [17800, 15], [deployments]),
  served('', 'v1', [18000, 1], [pods, namespaces]),
];
