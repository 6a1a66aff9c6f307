import { type FieldError, invalidField, path, required, validateConditions } from '@keelson/machinery';
import type { storagemigration } from '@keelson/schema';

type Migration = storagemigration.v1alpha1.StorageVersionMigration;
type Status = storagemigration.v1alpha1.StorageVersionMigrationStatus;

const resourcePath = path('spec', 'resource');
const statusPath = path('status');
const maxInt64 = 2n ** 63n - 1n;

/** What is migrated stays the same. Errors tell the bare field: as Kubernetes has it. */
function validateUpdate({ spec }: Migration, old: Migration): FieldError[] {
  return (['group', 'version', 'resource'] as const).flatMap((field) => {
    const [value = '', before = ''] = [spec.resource[field], old.spec.resource[field]];
    return value === before ? [] : [invalidField(path(field), value, 'field is immutable')];
  });
}

export function validateMigration(migration: Migration, old: Migration | undefined): FieldError[] {
  const { version = '', resource = '' } = migration.spec.resource;
  return [
    ...(resource === '' ? [required(resourcePath.child('resource'), 'resource is required')] : []),
    ...(version === '' ? [required(resourcePath.child('version'), 'version is required')] : []),
    ...(old === undefined ? [] : validateUpdate(migration, old)),
  ];
}

function parseProblem(text: string): string | undefined {
  const parsing = `failed to parse resource version ${JSON.stringify(text)}: strconv.ParseInt: parsing ${JSON.stringify(text)}`;
  if (!/^[+-]?\d+$/.test(text)) return `${parsing}: invalid syntax`;
  const value = BigInt(text);
  return value > maxInt64 || value < -maxInt64 - 1n ? `${parsing}: value out of range` : undefined;
}

/** The revision up to which objects are rewritten: a number, and never another once it is known. */
function validateResourceVersion({ resourceVersion: value = '' }: Status, { resourceVersion: old = '' }: Status): FieldError[] {
  const at = statusPath.child('resourceVersion');
  const problem = value === '' ? undefined : parseProblem(value);
  const negative = problem === undefined && value.startsWith('-') && BigInt(value) < 0n;
  return [
    ...(problem === undefined ? [] : [invalidField(at, value, problem)]),
    ...(negative ? [invalidField(at, BigInt(value), 'must be greater than or equal to 0')] : []),
    ...(old !== '' && old !== value ? [invalidField(at, value, 'cannot be updated')] : []),
  ];
}

function isTrue({ conditions }: Status, wanted: string): boolean {
  return conditions?.some(({ type, status }) => type === wanted && status === 'True') ?? false;
}

/** A migration runs, or has ended in one way, for good. */
function outcomeProblems(status: Status, old: Status): string[] {
  const [succeeded, failed, running] = ['Succeeded', 'Failed', 'Running'].map((type) => isTrue(status, type));
  return [
    ...(succeeded && failed ? ['Both success and failed conditions cannot be true at the same time'] : []),
    ...(succeeded && running ? ['Running condition cannot be true when success condition is true'] : []),
    ...(failed && running ? ['Running condition cannot be true when failed condition is true'] : []),
    ...(isTrue(old, 'Succeeded') && !succeeded ? ['Success condition cannot be set to false once it is true'] : []),
    ...(isTrue(old, 'Failed') && !failed ? ['Failed condition cannot be set to false once it is true'] : []),
  ];
}

export function validateMigrationStatus({ status }: Migration, { status: old }: Migration): FieldError[] {
  const at = statusPath.child('conditions');
  const conditions = (status.conditions ?? []).map(({ type, status: value, lastUpdateTime, reason = '', message = '' }) => ({
    type,
    status: value,
    lastTransitionTime: lastUpdateTime ?? null,
    reason,
    message,
  }));
  // Under the names that Go has for the fields.
  const shown = conditions.map(({ type, status: value, lastTransitionTime, reason, message }) => ({
    Type: type,
    Status: value,
    LastUpdateTime: lastTransitionTime,
    Reason: reason,
    Message: message,
  }));
  return [
    ...validateResourceVersion(status, old),
    ...validateConditions(conditions, at),
    ...outcomeProblems(status, old).map((problem) => invalidField(at, shown, problem)),
  ];
}
