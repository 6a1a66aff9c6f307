import type { core } from '@keelson/schema';
import { distinct, named } from '../wording.js';
import type { Check } from './check.js';
import { hostPathVolumes } from './host-path-volumes.js';

type Volume = core.v1.Volume;

const ALLOWED = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const satisfies readonly (keyof Volume)[];

/** A volume of several types, which validation refuses, is called the first of these. */
const RESTRICTED = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
] as const satisfies readonly (keyof Volume)[];

export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  replaces: hostPathVolumes,
  revisions: [
    {
      since: 0,
      check({ spec }) {
        const bad = (spec.volumes ?? []).filter((volume) => ALLOWED.every((type) => volume[type] === undefined));
        if (bad.length === 0) return undefined;
        const types = distinct(bad.map((volume) => RESTRICTED.find((type) => volume[type] !== undefined) ?? 'unknown'));
        const names = bad.map(({ name }) => name);
        const use = names.length === 1 ? 'uses' : 'use';
        return {
          reason: 'restricted volume types',
          detail: `${named('volume', names)} ${use} ${named('restricted volume type', types)}`,
        };
      },
    },
  ],
};
