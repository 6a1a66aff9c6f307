import { type FieldError, forbidden, forbiddenField, path, validateImmutable } from '@keelson/machinery';
import { scheduling } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateEnumerated } from '../validation/enumerated.js';
import { highestUserDefinablePriority, systemClassPrefix, systemClassProblem, systemPriorityClasses } from './system-priority-classes.js';

type PriorityClass = scheduling.v1.PriorityClass;

function validateReserved(given: PriorityClass): FieldError[] {
  const { name = '' } = given.metadata;
  if (name.startsWith(systemClassPrefix)) {
    const problem = systemClassProblem(given);
    if (problem === undefined) return [];
    const reserved = `priority class names with '${systemClassPrefix}' prefix are reserved for system use only. error: ${problem}`;
    return [forbiddenField(path('metadata', 'name'), reserved)];
  }
  if (given.value <= highestUserDefinablePriority) return [];
  return [forbiddenField(path('value'), `maximum allowed value of a user defined priority is ${highestUserDefinablePriority}`)];
}

function validateUpdate(given: PriorityClass, old: PriorityClass): FieldError[] {
  const changed = given.value !== old.value ? [forbiddenField(path('value'), 'may not be changed in an update.')] : [];
  return [...changed, ...validateImmutable(given.preemptionPolicy, old.preemptionPolicy, path('preemptionPolicy'))];
}

function validate(given: PriorityClass, old: PriorityClass | undefined): FieldError[] {
  if (old !== undefined) return validateUpdate(given, old);
  return [
    ...validateReserved(given),
    ...validateEnumerated(given.preemptionPolicy, path('preemptionPolicy'), ['PreemptLowerPriority', 'Never']),
  ];
}

function beforeDelete({ metadata }: PriorityClass): void {
  const { name = '' } = metadata;
  if (!systemPriorityClasses.some((known) => known.metadata.name === name)) return;
  const resource = { group: 'scheduling.k8s.io', resource: 'priorityclasses' };
  throw forbidden(resource, name, 'this is a system priority class and cannot be deleted');
}

export const priorityClasses = defineResource<PriorityClass>(scheduling.v1.PriorityClass, {
  names: { plural: 'priorityclasses', short: ['pc'] },
  scope: 'Cluster',
  metadataChecks: { own: 0 },
  storage: { key: 'priorityclasses' },
  versions: [
    removedVersion(scheduling.v1beta1.PriorityClass, { deprecated: '1.14', removed: '1.22', use: scheduling.v1.PriorityClass }),
    removedVersion(scheduling.v1alpha1.PriorityClass, { deprecated: '1.14', removed: '1.23', use: scheduling.v1.PriorityClass }),
  ],
  // A class has a generation, but nothing that could raise it.
  generationOf: () => undefined,
  defaults(given) {
    given.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  validate,
  beforeDelete,
  columns: [
    nameColumn(),
    integer('Value', ({ value }) => value),
    col('Global-Default', ({ globalDefault = false }) => globalDefault, { type: 'boolean' }),
    age(),
    col('PreemptionPolicy', ({ preemptionPolicy }) => preemptionPolicy ?? '<unset>'),
  ],
});
