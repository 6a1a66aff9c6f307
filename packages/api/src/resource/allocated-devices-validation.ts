import { dns1123Label, type FieldError, type FieldPath, invalidField, tooLong, tooMany, validateConditions } from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import { validateInterfaceAddress } from '../net/ip-validation.js';
import { validateForm } from '../validation/names.js';
import { validateDriverName, validatePoolName, validateRawObject, validateSet } from './device-validation.js';
import { validateUuid } from './uuid-validation.js';

type DeviceStatus = resource.v1beta2.AllocatedDeviceStatus;
type NetworkData = resource.v1beta2.NetworkDeviceData;

const maxConditions = 8;
const maxAddresses = 16;
const maxInterfaceNameBytes = 256;
const maxHardwareAddressBytes = 128;
const anyNumber = Number.POSITIVE_INFINITY;

/** Which device is meant, or which share of it (KEP-5075). */
interface DeviceId {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** Kubernetes' messages show its type, whose fields do not print. */
const shownId = { Driver: {}, Pool: {}, Device: {}, ShareID: {} };

function deviceId({ driver, pool, device, shareID = '' }: DeviceId): string {
  return JSON.stringify([driver, pool, device, shareID]);
}

function validateNetworkData({ interfaceName = '', ips, hardwareAddress = '' }: NetworkData, at: FieldPath): FieldError[] {
  return [
    ...(Buffer.byteLength(interfaceName) > maxInterfaceNameBytes ? [tooLong(at.child('interfaceName'), maxInterfaceNameBytes)] : []),
    ...(Buffer.byteLength(hardwareAddress) > maxHardwareAddressBytes
      ? [tooLong(at.child('hardwareAddress'), maxHardwareAddressBytes)]
      : []),
    ...validateSet(ips, at.child('ips'), maxAddresses, validateInterfaceAddress, { keyOf: (address) => address }),
  ];
}

function validateDeviceStatus(status: DeviceStatus, at: FieldPath, allocated: ReadonlySet<string>): FieldError[] {
  const { driver, pool, device, shareID, data, networkData } = status;
  const conditions = status.conditions ?? [];
  const conditionsPath = at.child('conditions');
  return [
    ...validateDriverName(driver, at.child('driver')),
    ...validatePoolName(pool, at.child('pool')),
    ...validateForm(device, at.child('device'), dns1123Label),
    ...(shareID === undefined ? [] : validateUuid(shareID, at.child('shareID'))),
    ...(allocated.has(deviceId(status)) ? [] : [invalidField(at, shownId, 'must be an allocated device in the claim')]),
    ...(conditions.length > maxConditions ? [tooMany(conditionsPath, conditions.length, maxConditions)] : []),
    ...validateConditions(conditions, conditionsPath),
    ...(data === undefined || data === null ? [] : validateRawObject(data, at.child('data'), false)),
    ...(networkData === undefined ? [] : validateNetworkData(networkData, at.child('networkData'))),
  ];
}

/** What drivers say of the devices that a claim got (KEP-4817). */
export function validateAllocatedDevices(
  statuses: readonly DeviceStatus[] | undefined,
  allocation: resource.v1beta2.AllocationResult | undefined,
  at: FieldPath,
): FieldError[] {
  const allocated = new Set((allocation?.devices.results ?? []).map(deviceId));
  const validate = (status: DeviceStatus, here: FieldPath) => validateDeviceStatus(status, here, allocated);
  return validateSet(statuses, at, anyNumber, validate, { keyOf: deviceId, field: 'deviceID', shownKey: shownId });
}

/** Takes away what is said of devices that were allocated and no longer are. */
export function dropDeallocatedDevices(status: resource.v1beta2.ResourceClaimStatus, old: resource.v1beta2.ResourceClaimStatus): void {
  const kept = new Set((status.allocation?.devices.results ?? []).map(deviceId));
  const gone = new Set((old.allocation?.devices.results ?? []).map(deviceId).filter((id) => !kept.has(id)));
  const devices = status.devices?.filter((device) => !gone.has(deviceId(device)));
  if (devices?.length) status.devices = devices;
  else delete status.devices;
}
