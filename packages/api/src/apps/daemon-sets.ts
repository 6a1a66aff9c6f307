import { path } from '@keelson/machinery';
import { apps, type core } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn, status, wide } from '@keelson/server';
import { gatedInPodSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { podWarnings } from '../pod/warnings/pod-warnings.js';
import { labelsText } from '../printing/labels-text.js';
import { selectorText } from '../printing/selector-text.js';
import { daemonSetVersions } from './daemon-set-versions.js';
import { validateDaemonSet, validateDaemonSetStatus } from './daemon-sets-validation.js';
import { defaultPropagation } from './default-propagation.js';
import {
  countTemplateGeneration,
  defaultTemplateGeneration,
  startTemplateGeneration,
  templateGeneration,
  templateGenerationOf,
} from './template-generation.js';

type DaemonSet = apps.v1.DaemonSet;

function defaults(set: DaemonSet): void {
  const { updateStrategy, template } = set.spec;
  updateStrategy.type ||= 'RollingUpdate';
  if (updateStrategy.type === 'RollingUpdate') {
    updateStrategy.rollingUpdate ??= {};
    updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  set.spec.revisionHistoryLimit ??= 10;
  defaultTemplateGeneration(set);
  defaultPodTemplate(template);
}

/** Of a template that is not the one it was. */
function templateWarnings({ metadata, spec }: DaemonSet, old: DaemonSet | undefined): string[] {
  if (old !== undefined && templateGenerationOf(metadata) === templateGenerationOf(old.metadata)) return [];
  return podWarnings(spec.template, path('spec', 'template'));
}

export const daemonSets = defineResource<DaemonSet>(apps.v1.DaemonSet, {
  names: { plural: 'daemonsets', short: ['ds'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'daemonsets' },
  versions: daemonSetVersions,
  defaultPropagation,
  versionAnnotation: templateGeneration,
  subresources: {
    status: status<DaemonSet>({ prepareForUpdate: countTemplateGeneration, validate: validateDaemonSetStatus }),
  },
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  defaults,
  gatedFields: within<DaemonSet, core.v1.PodSpec>(({ spec }) => spec.template.spec, gatedInPodSpec),
  prepareForCreate: startTemplateGeneration,
  prepareForUpdate: countTemplateGeneration,
  validate: validateDaemonSet,
  warnings: templateWarnings,
  columns: [
    nameColumn(),
    integer('Desired', ({ status }) => status.desiredNumberScheduled),
    integer('Current', ({ status }) => status.currentNumberScheduled),
    integer('Ready', ({ status }) => status.numberReady),
    integer('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0),
    integer('Available', ({ status }) => status.numberAvailable ?? 0),
    col('Node Selector', ({ spec }) => labelsText(spec.template.spec.nodeSelector)),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template.spec)),
    wide('Selector', ({ spec }) => selectorText(spec.selector)),
  ],
});
