import { type FieldError, path, required, validateImmutable, validateNonNegative } from '@keelson/machinery';
import { apps } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { controllerText } from '../printing/controller-text.js';
import { ofV1beta1, ofV1beta2 } from './early-lifecycle.js';

type ControllerRevision = apps.v1.ControllerRevision;

function validate({ data, revision }: ControllerRevision, old: ControllerRevision | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (data === null) errors.push(required(path('data'), 'data is mandatory'));
  else if (typeof data !== 'object' || Array.isArray(data)) errors.push(required(path('data'), 'data must be a valid JSON object'));
  errors.push(...validateNonNegative(revision, path('revision')));
  return old === undefined ? errors : [...errors, ...validateImmutable(data, old.data, path('data'))];
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
