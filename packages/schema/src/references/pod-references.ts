import type { core } from '../gen/index.js';

type Pod = core.v1.Pod;
type Volume = core.v1.Volume;
type Named = { readonly name?: string } | null | undefined;

const MIRROR_POD = 'kubernetes.io/config.mirror';

/** Whether a pod only shows one that a node runs from a file of its own. */
export function isMirrorPod({ metadata: { annotations } }: Pod): boolean {
  return annotations?.[MIRROR_POD] !== undefined;
}

/** Names of the secrets of its namespace that a pod uses: to pull images, in the environment of containers, in volumes. */
export function podSecretNames({ spec }: Pod): Set<string> {
  const names = new Set<string>();
  add(names, spec.imagePullSecrets);
  for (const { env = [], envFrom = [] } of containersOf(spec)) {
    for (const { secretRef } of envFrom) add(names, [secretRef]);
    for (const { valueFrom } of env) add(names, [valueFrom?.secretKeyRef]);
  }
  for (const volume of spec.volumes ?? []) add(names, secretsOfVolume(volume));
  return names;
}

/** Names of the config maps of its namespace that a pod uses: in the environment of containers, in volumes. */
export function podConfigMapNames({ spec }: Pod): Set<string> {
  const names = new Set<string>();
  for (const { env = [], envFrom = [] } of containersOf(spec)) {
    for (const { configMapRef } of envFrom) add(names, [configMapRef]);
    for (const { valueFrom } of env) add(names, [valueFrom?.configMapKeyRef]);
  }
  for (const { configMap, projected } of spec.volumes ?? []) {
    add(names, [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)]);
  }
  return names;
}

/** Names of the claims of its namespace whose volumes a pod mounts, those made for it among them. */
export function podVolumeClaimNames({ metadata, spec }: Pod): Set<string> {
  const names = new Set<string>();
  for (const volume of spec.volumes ?? []) {
    if (volume.persistentVolumeClaim !== undefined) names.add(volume.persistentVolumeClaim.claimName);
    else if (volume.ephemeral !== undefined) names.add(ephemeralClaimName(metadata.name ?? '', volume));
  }
  names.delete('');
  return names;
}

/** Name of the claim that is made for a pod's ephemeral volume. */
export function ephemeralClaimName(podName: string, { name }: Pick<Volume, 'name'>): string {
  return `${podName}-${name}`;
}

/** Names of the resource claims of its namespace that a pod uses, as far as those made from templates are there. */
export function podResourceClaimNames({ spec, status }: Pod): Set<string> {
  const names = new Set<string>();
  for (const { name, resourceClaimName, resourceClaimTemplateName } of spec.resourceClaims ?? []) {
    if (resourceClaimName !== undefined) names.add(resourceClaimName);
    else if (resourceClaimTemplateName !== undefined) {
      names.add(status.resourceClaimStatuses?.find((made) => made.name === name)?.resourceClaimName ?? '');
    }
  }
  names.add(status.extendedResourceClaimStatus?.resourceClaimName ?? '');
  names.delete('');
  return names;
}

type EnvironmentOf = Pick<core.v1.Container, 'env' | 'envFrom'>;

function containersOf({ containers, initContainers = [], ephemeralContainers = [] }: core.v1.PodSpec): EnvironmentOf[] {
  return [...initContainers, ...(containers ?? []), ...ephemeralContainers];
}

/** A volume has one source; of projected ones each part may be a secret. */
function secretsOfVolume(volume: Volume): readonly Named[] {
  const { azureFile, secret, projected, csi } = volume;
  return [
    azureFile && { name: azureFile.secretName },
    volume.cephfs?.secretRef,
    volume.cinder?.secretRef,
    volume.flexVolume?.secretRef,
    ...(projected?.sources ?? []).map((source) => source.secret),
    volume.rbd?.secretRef,
    secret && { name: secret.secretName ?? '' },
    volume.scaleIO?.secretRef,
    volume.iscsi?.secretRef,
    volume.storageos?.secretRef,
    csi?.nodePublishSecretRef,
  ];
}

function add(names: Set<string>, references: readonly Named[] | undefined): void {
  for (const reference of references ?? []) if (reference?.name) names.add(reference.name);
}
