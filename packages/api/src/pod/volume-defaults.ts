import type { core } from '@keelson/schema';
import { defaultImagePullPolicy } from './image-pull-policy.js';
import { roundResourceList } from './resource-list.js';

/** rw-r--r-- */
const readableByAll = 0o644;

/** Conditional defaults of a pod's volume. In place. */
export function defaultVolume(volume: core.v1.Volume): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {};
  if (volume.secret) volume.secret.defaultMode ??= readableByAll;
  if (volume.configMap) volume.configMap.defaultMode ??= readableByAll;
  if (volume.hostPath) volume.hostPath.type ??= '';
  if (volume.image) volume.image.pullPolicy ||= defaultImagePullPolicy(volume.image.reference);
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= readableByAll;
    defaultDownwardFiles(volume.downwardAPI.items);
  }
  if (volume.projected) defaultProjected(volume.projected);
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
  if (claim) defaultClaimSpec(claim);
}

/** Conditional defaults of a claim's spec, wherever a claim is written. In place. */
export function defaultClaimSpec(spec: core.v1.PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= 'Filesystem';
  roundResourceList(spec.resources?.limits);
  roundResourceList(spec.resources?.requests);
}

function defaultProjected(projected: core.v1.ProjectedVolumeSource): void {
  projected.defaultMode ??= readableByAll;
  for (const { downwardAPI, serviceAccountToken } of projected.sources ?? []) {
    if (downwardAPI) defaultDownwardFiles(downwardAPI.items);
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
  }
}

function defaultDownwardFiles(files: readonly core.v1.DownwardAPIVolumeFile[] | undefined): void {
  for (const { fieldRef } of files ?? []) if (fieldRef) fieldRef.apiVersion ||= 'v1';
}
