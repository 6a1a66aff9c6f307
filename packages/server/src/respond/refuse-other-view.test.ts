import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { defineResource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Negotiated, View } from './negotiate.js';
import { refuseOtherView } from './refuse-other-view.js';

const resource = defineResource(core.v1.ConfigMap, {
  names: { plural: 'configmaps' },
  scope: 'Namespaced',
  storage: { key: 'configmaps' },
});
const version = resource.versions.get('v1') as ResourceVersion;
const asking = (view?: View): Negotiated => ({ media: 'application/json', viewVersion: 'v1', pretty: false, ...(view && { view }) });

describe('metadata of the other shape', () => {
  it.each<['object' | 'list', View, string]>([
    [
      'object',
      'PartialObjectMetadataList',
      'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
    ],
    ['list', 'PartialObjectMetadata', 'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)'],
  ])('is refused for an %s', (shape, view, message) => {
    expect(() => refuseOtherView(version, shape, asking(view))).toThrow(message);
  });

  it.each<['object' | 'list', View | undefined]>([
    ['object', 'PartialObjectMetadata'],
    ['list', 'PartialObjectMetadataList'],
    ['object', 'Table'],
    ['list', undefined],
  ])('is not, of an %s, %s', (shape, view) => {
    expect(() => refuseOtherView(version, shape, asking(view))).not.toThrow();
  });
});
