import { dns1123Label } from '@keelson/machinery';
import { apps, type core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, wide } from '@keelson/server';
import { gatedInPodSpec, gatedInReplicaStatus } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings, templateWarnings } from '../pod/template-warnings.js';
import { selectorText } from '../printing/selector-text.js';
import { podNameWarnings } from '../validation/pod-name-warnings.js';
import { defaultPropagation } from './default-propagation.js';
import { deploymentVersions } from './deployment-versions.js';
import { validateDeployment, validateDeploymentStatus } from './deployments-validation.js';
import { replicaScale } from './replica-scale.js';
import { rollbackRevision, withoutRollback, withRollback } from './rollback-annotation.js';

type Deployment = apps.v1.Deployment;

function defaults({ spec }: Deployment): void {
  spec.replicas ??= 1;
  spec.strategy.type ||= 'RollingUpdate';
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
    spec.strategy.rollingUpdate.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  defaultPodTemplate(spec.template);
}

/** It is part of the spec, wherever it is written. */
function keepRollback(deployment: Deployment, old: Deployment): void {
  deployment.metadata = withRollback(withoutRollback(deployment.metadata), rollbackRevision(old.metadata));
}

export const deployments = defineResource<Deployment>(apps.v1.Deployment, {
  names: { plural: 'deployments', short: ['deploy'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'deployments' },
  versions: deploymentVersions,
  defaultPropagation,
  subresources: {
    status: status<Deployment>({ keeps: ['metadata.labels', 'spec'], prepareForUpdate: keepRollback, validate: validateDeploymentStatus }),
    scale: replicaScale<Deployment>(),
  },
  resetFields: ['status'],
  // Annotations count, for they are copied to the replica sets.
  generationOf: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
  defaults,
  gatedFields: [...gatedInReplicaStatus, ...within<Deployment, core.v1.PodSpec>(({ spec }) => spec.template.spec, gatedInPodSpec)],
  validate: validateDeployment,
  warnings: allWarnings(
    podNameWarnings(dns1123Label),
    templateWarnings<Deployment>(({ spec }) => spec.template),
  ),
  columns: [
    nameColumn(),
    col('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    col('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    col('Available', ({ status }) => status.availableReplicas ?? 0),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template.spec)),
    wide('Selector', ({ spec }) => selectorText(spec.selector)),
  ],
});
