import { apps, extensions } from '@keelson/schema';
import type { VersionDefinition } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { appsV1beta1Rollback, extensionsRollback } from './deployment-rollback.js';
import { ofV1beta1, ofV1beta2 } from './early/early-lifecycle.js';
import { appsV1beta1Scale, appsV1beta2Scale, extensionsScale } from './early/early-scale.js';
import { defaultFromTemplate, withEarlySelector, withSelector } from './early/early-selector.js';
import { rollbackRevision, withoutRollback, withRollback } from './rollback-annotation.js';

type Deployment = apps.v1.Deployment;
/** The same in apps/v1beta1 and extensions/v1beta1. */
type EarlyDeployment = apps.v1beta1.Deployment;

/** How many old replica sets were kept, and how long progress was waited for, before anybody thought of a limit. */
const unlimited = 2 ** 31 - 1;

function toHub({ metadata, spec: { rollbackTo, ...spec }, status }: EarlyDeployment): Deployment {
  return { metadata: withRollback(metadata, rollbackTo && (rollbackTo.revision ?? 0)), spec: withSelector(spec), status };
}

function fromHub({ metadata, spec, status }: Deployment): EarlyDeployment {
  const revision = rollbackRevision(metadata);
  const rollbackTo = revision !== undefined && { rollbackTo: revision === 0 ? {} : { revision } };
  return { metadata: withoutRollback(metadata), spec: { ...withEarlySelector(spec), ...rollbackTo }, status };
}

function defaultsOfAppsV1beta1(deployment: EarlyDeployment): void {
  defaultFromTemplate(deployment);
  deployment.spec.revisionHistoryLimit ??= 2;
}

function defaultsOfExtensions(deployment: EarlyDeployment): void {
  defaultFromTemplate(deployment);
  const { strategy } = deployment.spec;
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate' || strategy.rollingUpdate !== undefined)
    strategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 1, ...strategy.rollingUpdate };
  deployment.spec.revisionHistoryLimit ??= unlimited;
  deployment.spec.progressDeadlineSeconds ??= unlimited;
}

export const deploymentVersions: readonly VersionDefinition<Deployment>[] = [
  removedVersion(apps.v1beta2.Deployment, ofV1beta2(apps.v1.Deployment), { subresources: { scale: appsV1beta2Scale() } }),
  removedVersion<Deployment, EarlyDeployment>(apps.v1beta1.Deployment, ofV1beta1(apps.v1.Deployment), {
    toHub,
    fromHub,
    defaults: defaultsOfAppsV1beta1,
    subresources: { scale: appsV1beta1Scale(), rollback: appsV1beta1Rollback },
  }),
  removedVersion<Deployment, EarlyDeployment>(extensions.v1beta1.Deployment, ofV1beta1(apps.v1.Deployment), {
    toHub,
    fromHub,
    defaults: defaultsOfExtensions,
    subresources: { scale: extensionsScale(), rollback: extensionsRollback },
  }),
];
