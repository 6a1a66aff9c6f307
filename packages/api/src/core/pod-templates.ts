import { path } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { col, defineResource, nameColumn } from '@keelson/server';
import { gatedInPodSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { templateWarnings } from '../pod/template-warnings.js';
import { validatePodTemplate } from '../pod/validation/pod-template.js';
import { labelsText } from '../printing/labels-text.js';

type PodTemplate = core.v1.PodTemplate;

export const podTemplates = defineResource<PodTemplate>(core.v1.PodTemplate, {
  names: { plural: 'podtemplates' },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'podtemplates' },
  deleteReturns: 'object',
  generationOf: ({ template }) => template,
  defaults: ({ template }) => defaultPodTemplate(template),
  gatedFields: within<PodTemplate, core.v1.PodSpec>(({ template }) => template.spec, gatedInPodSpec),
  validate: ({ template }, old) => validatePodTemplate(template, path('template'), old?.template),
  warnings: templateWarnings(({ template }) => template, path('template')),
  columns: [
    nameColumn(),
    col('Containers', ({ template }) => containerNames(template.spec)),
    col('Images', ({ template }) => containerImages(template.spec)),
    col('Pod Labels', ({ template }) => labelsText(template.metadata.labels)),
  ],
});
