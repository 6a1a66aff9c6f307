import { type FieldError, path, required, validateImmutable, validateNonNegative } from '@keelson/machinery';
import { apps } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { controllerText } from '../printing/controller-text.js';
import { ofV1beta1, ofV1beta2 } from './early/early-lifecycle.js';

type ControllerRevision = apps.v1.ControllerRevision;

function validateData({ data }: ControllerRevision): FieldError[] {
  const here = path('data');
  if (data === null) return [required(here, 'data is mandatory')];
  return typeof data === 'object' && !Array.isArray(data) ? [] : [required(here, 'data must be a valid JSON object')];
}

function validate(revision: ControllerRevision, old: ControllerRevision | undefined): FieldError[] {
  return [
    ...validateNonNegative(revision.revision, path('revision')),
    ...(old === undefined ? validateData(revision) : validateImmutable(revision.data, old.data, path('data'))),
  ];
}

export const controllerRevisions = defineResource<ControllerRevision>(apps.v1.ControllerRevision, {
  names: { plural: 'controllerrevisions' },
  scope: 'Namespaced',
  storage: { key: 'controllerrevisions' },
  versions: [
    removedVersion(apps.v1beta2.ControllerRevision, ofV1beta2(apps.v1.ControllerRevision)),
    removedVersion(apps.v1beta1.ControllerRevision, ofV1beta1(apps.v1.ControllerRevision)),
  ],
  validate,
  columns: [
    nameColumn(),
    col('Controller', ({ metadata }) => controllerText(metadata)),
    col('Revision', ({ revision }) => revision),
    age(),
  ],
});
