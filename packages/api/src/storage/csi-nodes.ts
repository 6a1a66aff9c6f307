import { storage } from '@keelson/schema';
import { age, defineResource, integer, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateCsiNode } from './csi-nodes-validation.js';

type CSINode = storage.v1.CSINode;

export const csiNodes = defineResource<CSINode>(storage.v1.CSINode, {
  names: { plural: 'csinodes' },
  scope: 'Cluster',
  metadataChecks: { own: 2, changes: 0 },
  storage: { key: 'csinodes' },
  versions: [removedVersion(storage.v1beta1.CSINode, { deprecated: '1.17', removed: '1.22', use: storage.v1.CSINode })],
  unconditionalUpdate: false,
  deleteReturns: 'object',
  validate: validateCsiNode,
  columns: [nameColumn(), integer('Drivers', ({ spec }) => spec.drivers?.length ?? 0), age()],
});
