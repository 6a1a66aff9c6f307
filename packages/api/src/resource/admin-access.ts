import { type FieldError, forbiddenField, internalField, type KubeObject, path } from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import type { Resource } from '@keelson/server';

type ClaimSpec = resource.v1beta2.ResourceClaimSpec;
type ClaimStatus = resource.v1beta2.ResourceClaimStatus;

const label = 'resource.kubernetes.io/admin-access';

async function isGranted(namespaces: Resource, namespace: string): Promise<boolean | undefined> {
  const { object } = await namespaces.store.get(namespaces.path('', namespace), { at: 'any' });
  if (object === undefined) return undefined;
  return (namespaces.form.decode(object.value) as KubeObject).metadata.labels?.[label] === 'true';
}

const needed = `admin access to devices requires the \`${label}: true\` label on the containing namespace`;

/** Devices that are in use can be looked into only from namespaces that are labelled for it (KEP-5018). */
export async function validateAdminAccess(namespaces: Resource, { devices }: ClaimSpec, namespace: string): Promise<FieldError[]> {
  const first = (devices.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess);
  if (first < 0) return [];
  const granted = await isGranted(namespaces, namespace);
  if (granted) return [];
  if (granted === undefined) return [internalField('', `could not retrieve namespace: namespaces "${namespace}" not found`)];
  return [forbiddenField(path('spec', 'devices', 'requests').index(first).child('adminAccess'), needed)];
}

/** Likewise when such access is given. */
export async function validateAllocatedAdminAccess(
  namespaces: Resource,
  status: ClaimStatus,
  old: ClaimStatus,
  namespace: string,
): Promise<FieldError[]> {
  if (firstGivenAccess(old) >= 0) return [];
  const first = firstGivenAccess(status);
  if (first < 0) return [];
  const granted = await isGranted(namespaces, namespace);
  if (granted) return [];
  const at = path('status', 'allocation', 'devices', 'results').index(first).child('adminAccess');
  if (granted === undefined)
    return [internalField(at, `could not retrieve namespace to verify admin access: namespaces "${namespace}" not found`)];
  return [forbiddenField(at, needed)];
}

function firstGivenAccess({ allocation }: ClaimStatus): number {
  return (allocation?.devices.results ?? []).findIndex(({ adminAccess }) => adminAccess);
}
