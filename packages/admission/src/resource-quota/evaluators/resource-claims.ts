import { Quantity } from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import { type Amounts, ONE, sum } from '../amounts.js';
import { objectCountName, type QuotaEvaluator } from './evaluator.js';

type Claim = resource.v1.ResourceClaim;

interface Devices {
  readonly deviceClassName: string;
  readonly allocationMode?: string;
  readonly count?: number;
}

const COUNT = objectCountName({ group: 'resource.k8s.io', resource: 'resourceclaims' });
/** After the device class: `gpu.deviceclass.resource.k8s.io/devices`. */
const CLASS_SUFFIX = '.deviceclass.resource.k8s.io/devices';
/** No claim is given more devices than this. */
const MAX_DEVICES = 32;

/** Counts claims, and by device class the devices that they may be given at most. */
export const resourceClaims: QuotaEvaluator<Claim> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  tracks: (name) => name === COUNT || name.endsWith(CLASS_SUFFIX),
  usage({ spec }) {
    const requests = spec.devices?.requests ?? [];
    return requests.map(devicesOf).reduce<Amounts>(sum, new Map([[COUNT, ONE]]));
  },
};

function devicesOf({ exactly, firstAvailable }: resource.v1.DeviceRequest): Amounts {
  if (firstAvailable?.length) return mostOfEach(firstAvailable);
  return exactly === undefined ? new Map() : mostOfEach([exactly]);
}

/** One of the alternatives will be taken, and nobody knows which. */
function mostOfEach(alternatives: readonly Devices[]): Amounts {
  const most = new Map<string, Quantity>();
  for (const { deviceClassName, allocationMode, count = 0 } of alternatives) {
    const devices = Quantity.of(allocationMode === 'All' ? MAX_DEVICES : allocationMode === 'ExactCount' ? count : 0);
    const name = deviceClassName + CLASS_SUFFIX;
    if (devices.compare(most.get(name) ?? Quantity.zero) >= 0) most.set(name, devices);
  }
  return most;
}
