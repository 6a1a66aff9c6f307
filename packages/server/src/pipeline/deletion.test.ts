import { ApiError, type KubeObject, type ObjectMeta } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import type { DeleteContext, ResourceDefinition } from '../resource/definition.js';
import { defineResource } from '../resource/resource.js';
import { checkDeleteOptions } from '../verbs/options.js';
import { checkDeletePreconditions, deletion } from './deletion.js';

type Definition = Partial<ResourceDefinition<core.v1.ConfigMap>>;

const now = Date.UTC(2025, 0, 1);
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString().replace('.000', '');

function deleted(metadata: ObjectMeta, options: Parameters<typeof checkDeleteOptions>[0] = {}, definition: Definition = {}) {
  const resource = defineResource(core.v1.ConfigMap, {
    names: { plural: 'configmaps' },
    scope: 'Namespaced',
    storage: { key: 'configmaps' },
    ...definition,
  });
  const object: KubeObject = { metadata: structuredClone(metadata) };
  const checked = checkDeleteOptions(options);
  const context: DeleteContext = {
    apiVersion: 'v1',
    ...(checked.gracePeriodSeconds !== undefined && { gracePeriodSeconds: checked.gracePeriodSeconds }),
  };
  return { verdict: deletion(resource, object, checked, context, now), metadata: object.metadata };
}

const graceful: Definition = { graceSeconds: (_, { gracePeriodSeconds }) => gracePeriodSeconds ?? 30 };

describe('a deletion without grace', () => {
  it('removes what nothing holds', () => {
    expect(deleted({ name: 'x' })).toEqual({ verdict: 'remove', metadata: { name: 'x' } });
  });

  it('marks what a finalizer holds, and counts it as a generation', () => {
    expect(deleted({ finalizers: ['a/b'], generation: 3 })).toEqual({
      verdict: 'mark',
      metadata: { finalizers: ['a/b'], generation: 4, deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 },
    });
  });

  it('marks what its resource holds, which may be told', () => {
    const marked: unknown[] = [];
    const { verdict } = deleted({}, {}, { holdsDeletion: () => true, onDeletionStart: (object) => marked.push(object.metadata) });
    expect(verdict).toBe('mark');
    expect(marked).toEqual([{ deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 }]);
  });

  it('leaves what its resource holds as the first of them left it, whatever is asked for the dependents', () => {
    const metadata = { finalizers: ['a/b'], deletionTimestamp: at(-60) };
    expect(deleted(metadata, { propagationPolicy: 'Orphan' }, { holdsDeletion: () => true })).toEqual({ verdict: 'pending', metadata });
  });

  it('gives what its resource held before a grace of none, and counts it and tells of it no more', () => {
    const told: unknown[] = [];
    const metadata = { finalizers: ['a/b'], generation: 3, deletionTimestamp: at(-60) };
    const again = deleted(metadata, {}, { holdsDeletion: () => false, onDeletionStart: (object) => told.push(object) });
    expect(again).toEqual({ verdict: 'mark', metadata: { ...metadata, deletionGracePeriodSeconds: 0 } });
    expect(told).toEqual([]);
  });

  it('leaves what is being deleted as it is', () => {
    const metadata = { finalizers: ['a/b'], deletionTimestamp: at(-60), deletionGracePeriodSeconds: 0 };
    expect(deleted(metadata)).toEqual({ verdict: 'pending', metadata });
  });
});

describe('the dependents', () => {
  it.each<[string, object, string[] | undefined, Definition['defaultPropagation'], string, string[] | undefined]>([
    ['are deleted in the background by default', {}, undefined, undefined, 'remove', undefined],
    ['are orphaned when asked', { propagationPolicy: 'Orphan' }, undefined, undefined, 'mark', ['orphan']],
    ['are orphaned when asked the old way', { orphanDependents: true }, undefined, undefined, 'mark', ['orphan']],
    ['go first when asked', { propagationPolicy: 'Foreground' }, undefined, undefined, 'mark', ['foregroundDeletion']],
    ['are orphaned by default of the resource', {}, undefined, () => 'Orphan', 'mark', ['orphan']],
    ['are not orphaned against the default when asked', { orphanDependents: false }, undefined, () => 'Orphan', 'remove', undefined],
    ['keep to what was asked before', {}, ['foregroundDeletion'], undefined, 'mark', ['foregroundDeletion']],
    ['can be asked otherwise', { propagationPolicy: 'Background' }, ['orphan'], undefined, 'remove', undefined],
    ['change from one to the other', { propagationPolicy: 'Orphan' }, ['a/b', 'foregroundDeletion'], undefined, 'mark', ['a/b', 'orphan']],
    ['are nothing some resources have', { propagationPolicy: 'Orphan' }, undefined, () => 'none', 'remove', undefined],
  ])('%s', (_, options, finalizers, defaultPropagation, verdict, expected) => {
    const outcome = deleted({ ...(finalizers && { finalizers }) }, options as never, { ...(defaultPropagation && { defaultPropagation }) });
    expect([outcome.verdict, outcome.metadata.finalizers]).toEqual([verdict, expected]);
  });

  it('can be asked otherwise while the deletion is under way', () => {
    const metadata = { finalizers: ['orphan'], deletionTimestamp: at(-60), deletionGracePeriodSeconds: 0 };
    const outcome = deleted(metadata, { propagationPolicy: 'Foreground' });
    expect(outcome).toEqual({ verdict: 'mark', metadata: { ...metadata, finalizers: ['foregroundDeletion'] } });
    expect(deleted(metadata, { propagationPolicy: 'Background' }).verdict).toBe('markAndRemove');
  });
});

describe('a graceful deletion', () => {
  it('gives the object its time', () => {
    expect(deleted({ generation: 1 }, {}, graceful)).toEqual({
      verdict: 'mark',
      metadata: { generation: 2, deletionTimestamp: at(30), deletionGracePeriodSeconds: 30 },
    });
  });

  it('of no time at all marks and removes', () => {
    expect(deleted({}, { gracePeriodSeconds: 0 }, graceful)).toEqual({
      verdict: 'markAndRemove',
      metadata: { deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 },
    });
  });

  it('of more time than there is ends with the last year', () => {
    const { metadata } = deleted({}, { gracePeriodSeconds: 2 ** 63 }, graceful);
    expect(metadata.deletionTimestamp).toBe('9999-12-31T23:59:59Z');
  });

  const underWay = { generation: 2, deletionTimestamp: at(20), deletionGracePeriodSeconds: 30 };

  it('may be shortened, which is no new generation', () => {
    expect(deleted(underWay, { gracePeriodSeconds: 5 }, graceful)).toEqual({
      verdict: 'mark',
      metadata: { generation: 2, deletionTimestamp: at(-5), deletionGracePeriodSeconds: 5 },
    });
    expect(deleted(underWay, { gracePeriodSeconds: 0 }, graceful).verdict).toBe('markAndRemove');
  });

  it.each([{}, { gracePeriodSeconds: 30 }, { gracePeriodSeconds: 60 }])('goes on as it is with %j', (options) => {
    expect(deleted(underWay, options, graceful)).toEqual({ verdict: 'pending', metadata: underWay });
  });

  it('does not remove what a finalizer holds', () => {
    expect(deleted({ finalizers: ['a/b'] }, { gracePeriodSeconds: 0 }, graceful).verdict).toBe('mark');
  });
});

describe('preconditions of a deletion', () => {
  const object: KubeObject = { metadata: { name: 'x', uid: 'u', resourceVersion: '7' } };
  const resource = { hub: { group: 'apps', kind: 'Deployment' }, resource: 'deployments', definition: {} };

  it.each([undefined, {}, { uid: 'u' }, { resourceVersion: '7' }, { uid: 'u', resourceVersion: '7' }])('hold: %j', (preconditions) => {
    const options = checkDeleteOptions(preconditions === undefined ? {} : { preconditions });
    expect(() => checkDeletePreconditions(object, options, resource)).not.toThrow();
  });

  it.each([{ uid: 'v' }, { resourceVersion: '6' }, { uid: 'u', resourceVersion: '6' }])('do not hold: %j', (preconditions) => {
    const act = () => checkDeletePreconditions(object, checkDeleteOptions({ preconditions }), resource);
    expect(act).toThrow(ApiError);
    expect(act).toThrow(/^Operation cannot be fulfilled on Deployment.apps "x": the (UID|ResourceVersion) in the precondition \([v6]\)/);
  });

  it('are those of an update where the request only begins the deletion', () => {
    const slow = { ...resource, definition: { onDeletionStart: () => undefined } };
    expect(() => checkDeletePreconditions(object, checkDeleteOptions({ preconditions: { uid: 'v' } }), slow)).toThrow(
      'Operation cannot be fulfilled on deployments.apps "x": Precondition failed: UID in precondition: v, UID in object meta: u',
    );
  });
});
