import { timeNow } from '@keelson/machinery';
import type { storagemigration } from '@keelson/schema';

type Migration = storagemigration.v1alpha1.StorageVersionMigration;

const reasons = {
  Running: 'StorageVersionMigrationInProgress',
  Succeeded: 'StorageVersionMigrationSucceeded',
  Failed: 'StorageVersionMigrationFailed',
} as const;

export type MigrationState = keyof typeof reasons;

export function isIn({ status }: Migration, state: MigrationState): boolean {
  return status.conditions?.some(({ type, status }) => type === state && status === 'True') ?? false;
}

export function isOver(migration: Migration): boolean {
  return isIn(migration, 'Succeeded') || isIn(migration, 'Failed');
}

/** Declares the state as upstream's controller does, in place. Running again renews the time of that condition. */
export function declare({ status }: Migration, state: MigrationState, message = ''): void {
  const conditions = status.conditions ?? [];
  const running = conditions.find(({ type }) => type === 'Running');
  if (running !== undefined && state !== 'Running') running.status = 'False';
  status.conditions = [
    ...conditions.filter(({ type }) => type !== state),
    { type: state, status: 'True', lastUpdateTime: timeNow(), reason: reasons[state], ...(message !== '' && { message }) },
  ];
}
