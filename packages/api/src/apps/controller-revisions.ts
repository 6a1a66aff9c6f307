import { type FieldError, path, required, validateImmutable, validateNonNegative } from '@keelson/machinery';
import { apps } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { controllerText } from '../printing/controller-text.js';

type ControllerRevision = apps.v1.ControllerRevision;

function validate({ data, revision }: ControllerRevision, old: ControllerRevision | undefined): FieldError[] {
  const errors = validateNonNegative(revision, path('revision'));
  if (data === null) errors.push(required(path('data'), 'data is mandatory'));
  else if (typeof data !== 'object' || Array.isArray(data)) errors.push(required(path('data'), 'data must be a valid JSON object'));
  return old === undefined ? errors : [...errors, ...validateImmutable(data, old.data, path('data'))];
}

export const controllerRevisions = defineResource<ControllerRevision>(apps.v1.ControllerRevision, {
  names: { plural: 'controllerrevisions' },
  scope: 'Namespaced',
  storage: { key: 'controllerrevisions' },
  validate,
  columns: [
    nameColumn(),
    col('Controller', ({ metadata }) => controllerText(metadata)),
    col('Revision', ({ revision }) => revision),
    age(),
  ],
});
