import type { ManagedFieldsEntry } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { fromScaleEntries, toScaleEntries } from './scale-entries.js';

const paths = new Map([
  ['apps/v1', 'spec.replicas'],
  ['apps/v0', null],
]);
const replicas = { 'f:spec': { 'f:replicas': {} } };
const scaleVersion = 'autoscaling/v1';
const time = '2026-01-01T00:00:00Z';

function entry(manager: string, fields: object, rest: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry {
  return { manager, operation: 'Apply', apiVersion: 'apps/v1', time, fieldsType: 'FieldsV1', fieldsV1: { ...fields }, ...rest };
}

const owner = entry('owner', { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } });
const other = entry('other', { 'f:spec': { 'f:paused': {} } });
const withoutScale = entry('old', replicas, { apiVersion: 'apps/v0' });
const unknownVersion = entry('gone', replicas, { apiVersion: 'apps/v9' });

describe('managers of a Scale', () => {
  it('are those of the replicas', () => {
    expect(toScaleEntries([owner, other, withoutScale, unknownVersion], scaleVersion, paths)).toEqual([
      entry('owner', replicas, { apiVersion: scaleVersion }),
    ]);
    expect(toScaleEntries(undefined, scaleVersion, paths)).toBeUndefined();
  });

  it('go back to the object unchanged when the Scale kept its managers', () => {
    const scale = toScaleEntries([owner, other], scaleVersion, paths);
    expect(fromScaleEntries([owner, other], scale, 'apps/v1', paths)).toEqual([other, owner]);
  });

  it('take the replicas from whom the Scale no longer names', () => {
    const scaler = entry('scaler', replicas, { apiVersion: scaleVersion, subresource: 'scale' });
    expect(fromScaleEntries([owner, other, withoutScale, unknownVersion], [scaler], 'apps/v1', paths)).toEqual([
      { manager: 'scaler', operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1: replicas, subresource: 'scale' },
      withoutScale,
      other,
      entry('owner', { 'f:spec': { 'f:paused': {} } }),
    ]);
  });
});
