import { type AdmissionAttributes, type AuthorizationDecision, aggregate, quote } from '@keelson/machinery';
import { type core, ephemeralClaimName } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import { existingObject } from './existing-object.js';
import type { RestrictionContext } from './restriction.js';

type Pod = core.v1.Pod;
type Volume = core.v1.Volume;

/** CSI drivers that took over kinds of volumes that Kubernetes once mounted by itself. */
const SUCCESSORS: readonly (readonly [keyof core.v1.VolumeSource & keyof core.v1.PersistentVolumeSpec, string])[] = [
  ['awsElasticBlockStore', 'ebs.csi.aws.com'],
  ['azureDisk', 'disk.csi.azure.com'],
  ['azureFile', 'file.csi.azure.com'],
  ['cinder', 'cinder.csi.openstack.org'],
  ['gcePersistentDisk', 'pd.csi.storage.gke.io'],
  ['portworxVolume', 'pxd.portworx.com'],
  ['vsphereVolume', 'csi.vsphere.vmware.com'],
];

/**
 * Refuses an audience that no volume of the pod uses, unless somebody allowed the node to ask for it (KEP-4412). None
 * means the audience of this server.
 */
export async function requireUsedAudience(
  attributes: AdmissionAttributes,
  [audience = '', ...more]: readonly string[],
  pod: Pod,
  context: RestrictionContext,
): Promise<void> {
  if (more.length > 0) throw refusedWrite(attributes, 'node may only request 0 or 1 audiences');
  const { isUsed, problems } = await usesAudience(pod, audience, context);
  if (isUsed) return;
  if (problems.length > 0) throw refusedWrite(attributes, `error validating audience ${quote(audience)}: ${aggregate(problems)}`);
  const { decision, error } = await mayRequest(attributes, audience, context);
  if (decision === 'allow') return;
  const unused = `audience ${quote(audience)} not found in pod spec volume`;
  const { name } = attributes.user;
  if (error !== undefined)
    throw refusedWrite(
      attributes,
      `${unused}, error authorizing ${name} to request tokens for this audience: ${error instanceof Error ? error.message : error}`,
    );
  throw refusedWrite(attributes, `${unused}, ${name} is not authorized to request tokens for this audience`);
}

async function mayRequest(
  { user, namespace, name }: AdmissionAttributes,
  audience: string,
  { authorizer }: RestrictionContext,
): Promise<AuthorizationDecision> {
  const verb = 'request-serviceaccounts-token-audience';
  const what = { apiGroup: '', apiVersion: 'v1', resource: audience, subresource: '', namespace, name, path: '' };
  return authorizer.authorize({ user, verb, resourceRequest: true, ...what });
}

/** `problems` are those of finding out what volumes need. */
async function usesAudience(
  pod: Pod,
  audience: string,
  context: RestrictionContext,
): Promise<{ isUsed: boolean; problems: readonly string[] }> {
  const problems: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    if (
      volume.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken && (serviceAccountToken.audience ?? '') === audience)
    )
      return { isUsed: true, problems };
    try {
      const driver = await driverOf(pod, volume, context);
      if (driver !== undefined && (await driverUses(driver, audience, context))) return { isUsed: true, problems };
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { isUsed: false, problems };
}

async function driverUses(name: string, audience: string, { csiDrivers }: RestrictionContext): Promise<boolean> {
  const { spec } = await existingObject(csiDrivers, 'csidriver', '', name, 'storage.k8s.io');
  return (spec.tokenRequests ?? []).some((request) => request.audience === audience);
}

/** The CSI driver that mounts a volume. */
async function driverOf(pod: Pod, volume: Volume, context: RestrictionContext): Promise<string | undefined> {
  const { ephemeral, persistentVolumeClaim, csi } = volume;
  const { name = '', namespace = '' } = pod.metadata;
  if (ephemeral?.volumeClaimTemplate) return driverOfClaim(namespace, ephemeralClaimName(name, volume), context);
  if (persistentVolumeClaim) return driverOfClaim(namespace, persistentVolumeClaim.claimName, context);
  return csi?.driver ?? successorOf(volume);
}

async function driverOfClaim(namespace: string, name: string, { claims, volumes }: RestrictionContext): Promise<string | undefined> {
  const claim = await existingObject(claims, 'persistentvolumeclaim', namespace, name);
  const { spec } = await existingObject(volumes, 'persistentvolume', '', claim.spec.volumeName ?? '');
  return spec.csi?.driver ?? successorOf(spec);
}

function successorOf(source: { readonly [K in (typeof SUCCESSORS)[number][0]]?: unknown }): string | undefined {
  return SUCCESSORS.find(([kind]) => source[kind] !== undefined)?.[1];
}
