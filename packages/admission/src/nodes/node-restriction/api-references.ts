import { type core, podConfigMapNames, podSecretNames } from '@keelson/schema';

type Volume = core.v1.Volume;
type Projection = core.v1.VolumeProjection;

/** Volumes that need nothing of the API. */
const OWN_VOLUMES: readonly (keyof Volume)[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'cephfs',
  'cinder',
  'downwardAPI',
  'emptyDir',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'hostPath',
  'image',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

/** Volumes that are made of objects of the API, and of which ones. */
const REFERRING_VOLUMES: readonly (readonly [keyof Volume, string])[] = [
  ['configMap', 'configmaps (via configmap volumes)'],
  ['secret', 'secrets (via secret volumes)'],
  ['csi', 'csidrivers (via CSI volumes)'],
  ['glusterfs', 'endpoints (via glusterFS volumes)'],
  ['persistentVolumeClaim', 'persistentvolumeclaims'],
  ['ephemeral', 'persistentvolumeclaims (via ephemeral volumes)'],
  ['azureFile', 'secrets (via azureFile volumes)'],
];

const REFERRING_PROJECTIONS: readonly (readonly [keyof Projection, string])[] = [
  ['configMap', 'configmaps (via projected volumes)'],
  ['secret', 'secrets (via projected volumes)'],
  ['serviceAccountToken', 'serviceaccounts (via projected volumes)'],
  ['clusterTrustBundle', 'clustertrustbundles'],
  ['podCertificate', 'podcertificates'],
];

/** The first kind of objects of the API that a pod refers to. Throws for volumes of which that is not known. */
export function apiReferenceOf(pod: core.v1.Pod): string | undefined {
  const { serviceAccountName, resourceClaims = [], volumes = [] } = pod.spec;
  if (serviceAccountName) return 'serviceaccounts';
  if (podSecretNames(pod).size > 0) return 'secrets';
  if (podConfigMapNames(pod).size > 0) return 'configmaps';
  if (resourceClaims.length > 0) return 'resourceclaims';
  for (const volume of volumes) {
    const found = referenceOfVolume(volume);
    if (found !== undefined) return found;
  }
  return undefined;
}

function referenceOfVolume(volume: Volume): string | undefined {
  if (OWN_VOLUMES.some((kind) => volume[kind] !== undefined)) return undefined;
  const [, found] = REFERRING_VOLUMES.find(([kind]) => volume[kind] !== undefined) ?? [];
  if (found !== undefined) return found;
  if (volume.projected === undefined) throw new Error(`unknown volume type for volume ${JSON.stringify(volume.name)}`);
  for (const source of volume.projected.sources ?? []) {
    const [, projected] = REFERRING_PROJECTIONS.find(([kind]) => source[kind] !== undefined) ?? [];
    if (projected !== undefined) return projected;
    if (source.downwardAPI === undefined) throw new Error(`unknown source type for projected volume ${JSON.stringify(volume.name)}`);
  }
  return undefined;
}
