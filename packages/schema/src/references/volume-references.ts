import type { core } from '../gen/index.js';

/** A secret, wherever it is. */
export interface SecretLocation {
  readonly namespace: string;
  readonly name: string;
}

type Reference = { readonly namespace?: string; readonly name?: string } | null | undefined;

/**
 * The secrets that a node needs to mount a persistent volume. Volumes of several kinds may leave out the namespace: then
 * it is that of their claim.
 */
export function nodeSecretsOfVolume({ spec }: core.v1.PersistentVolume): SecretLocation[] {
  const { azureFile, csi } = spec;
  const claimNamespace = spec.claimRef?.namespace ?? '';
  return [
    ...locate(azureFile && { name: azureFile.secretName, namespace: azureFile.secretNamespace ?? '' }, claimNamespace),
    ...[spec.cephfs, spec.flexVolume, spec.rbd, spec.scaleIO, spec.iscsi].flatMap((source) => locate(source?.secretRef, claimNamespace)),
    ...[spec.cinder?.secretRef, spec.storageos?.secretRef].flatMap((reference) => locate(reference, '')),
    ...[csi?.nodePublishSecretRef, csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef].flatMap((reference) => locate(reference, '')),
  ];
}

function locate(reference: Reference, otherwise: string): SecretLocation[] {
  const name = reference?.name ?? '';
  const namespace = reference?.namespace || otherwise;
  return name === '' || namespace === '' ? [] : [{ namespace, name }];
}
