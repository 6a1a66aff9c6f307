import { defaultFeatures, type Json, type KubeObject } from '@keelson/machinery';
import type { Resource, WriteContext } from '@keelson/server';
import { printedCells } from '@keelson/server/testing';
import { expect, it } from 'vitest';
import { csiDrivers } from './csi-drivers.js';
import { csiNodes } from './csi-nodes.js';
import { storageClasses } from './storage-classes.js';
import { volumeAttachments } from './volume-attachments.js';

const nowMs = Date.parse('2025-01-01T00:01:00Z');
const metadata = { name: 'n', creationTimestamp: '2025-01-01T00:00:00Z' };
const context = { features: defaultFeatures } as WriteContext;

function object(of: Resource, json: object): KubeObject {
  return of.hub.codec.fromJson({ metadata, ...json } as Json);
}

function cells(of: Resource, json: object): Json[] {
  return printedCells(of.definition.columns ?? [], object(of, json), nowMs);
}

it('prints classes and says which is the default', () => {
  expect(cells(storageClasses, { provisioner: 'p' })).toEqual(['n', 'p', 'Delete', 'Immediate', false, '60s']);
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  expect(cells(storageClasses, { metadata: { ...metadata, annotations } })[0]).toBe('n (default)');
});

it('prints drivers', () => {
  const driver = object(csiDrivers, { spec: { tokenRequests: [{ audience: 'a' }, { audience: 'b' }] } });
  csiDrivers.definition.defaults?.(driver);
  const row = printedCells(csiDrivers.definition.columns ?? [], driver, nowMs);
  expect(row).toEqual(['n', true, false, false, 'a,b', false, 'Persistent', '60s']);
  expect(cells(csiDrivers, {})).toEqual(['n', true, false, false, '<unset>', false, '<none>', '60s']);
});

it('counts the changes of a driver from the first one on', () => {
  const old = object(csiDrivers, { spec: { requiresRepublish: false } });
  const same = structuredClone(old);
  csiDrivers.definition.prepareForUpdate?.(same, old, context);
  expect(same.metadata.generation).toBeUndefined();
  const changed = object(csiDrivers, { spec: { requiresRepublish: true } });
  csiDrivers.definition.prepareForUpdate?.(changed, old, context);
  expect(changed.metadata.generation).toBe(1);
});

it('lets drivers of a node come and go, but not change', () => {
  const driver = { name: 'd', nodeID: 'n', topologyKeys: null };
  const old = object(csiNodes, { spec: { drivers: [driver] } });
  const validate = (drivers: object[]) => csiNodes.definition.validate?.(object(csiNodes, { spec: { drivers } }), old, context).map(String);
  expect(validate([driver, { name: 'e', nodeID: 'n' }])).toEqual([]);
  expect(validate([])).toEqual([]);
  expect(validate([{ ...driver, nodeID: 'm' }])).toEqual([
    'spec.drivers: Invalid value: {"Name":"d","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
  ]);
});

it.each([
  [[{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }], []],
  [[{}], ['allowedTopologies[0].matchLabelExpressions: Duplicate value: ""']],
  [
    [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }, { matchLabelExpressions: [{ key: 'zone', values: ['b', 'a'] }] }],
    ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
  ],
  [
    [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] }],
    ['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"'],
  ],
])('wants each topology of a class to say something new: %j', (allowedTopologies, messages) => {
  const storageClass = object(storageClasses, { provisioner: 'p', volumeBindingMode: 'Immediate', allowedTopologies });
  expect(storageClasses.definition.validate?.(storageClass, undefined, context).map(String)).toEqual(messages);
});

it('attaches one volume, for good', () => {
  const spec = { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } };
  const validate = (given: object, old?: object) =>
    volumeAttachments.definition
      .validate?.(object(volumeAttachments, { spec: given }), old && object(volumeAttachments, { spec: old }), context)
      .map(String);
  expect(validate(spec)).toEqual([]);
  expect(validate(spec, spec)).toEqual([]);
  expect(validate({ ...spec, source: {} })).toEqual([
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ]);
  expect(validate({ ...spec, nodeName: 'm' }, spec)).toEqual([
    'spec: Invalid value: {"Attacher":"d","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
  ]);
});
