import type { resource } from '@keelson/schema';

type HubDevice = resource.v1beta2.Device;
type HubRequest = resource.v1beta2.DeviceRequest;
type HubClaimSpec = resource.v1beta2.ResourceClaimSpec;
type BetaDevice = resource.v1beta1.Device;
type BetaRequest = resource.v1beta1.DeviceRequest;
type BetaClaimSpec = resource.v1beta1.ResourceClaimSpec;

/** Fields that a v1beta1 request has of its own, and that later versions group under `exactly`. */
const exactFields: readonly (keyof BetaRequest & keyof resource.v1beta2.ExactDeviceRequest)[] = [
  'deviceClassName',
  'selectors',
  'allocationMode',
  'count',
  'adminAccess',
  'tolerations',
  'capacity',
];

/** v1beta1 always prints `deviceClassName`, so an empty one says nothing. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== 0;
}

function requestToHub(request: BetaRequest): HubRequest {
  const { name, firstAvailable } = request;
  const said = exactFields.filter((field) => isSaid(request[field])).map((field) => [field, request[field]]);
  return {
    name,
    ...(said.length > 0 && { exactly: { deviceClassName: '', ...Object.fromEntries(said) } }),
    ...(firstAvailable && { firstAvailable }),
  };
}

function requestFromHub({ name, exactly, firstAvailable }: HubRequest): BetaRequest {
  return { name, deviceClassName: '', ...exactly, ...(firstAvailable && { firstAvailable }) };
}

function mapList<From, To>(list: readonly From[] | null | undefined, map: (item: From) => To): To[] | null {
  return list ? list.map(map) : null;
}

function claimSpecToHub(spec: BetaClaimSpec): HubClaimSpec {
  return { ...spec, devices: { ...spec.devices, requests: mapList(spec.devices?.requests, requestToHub) } };
}

function claimSpecFromHub(spec: HubClaimSpec): BetaClaimSpec {
  return { ...spec, devices: { ...spec.devices, requests: mapList(spec.devices?.requests, requestFromHub) } };
}

function deviceToHub({ name, basic }: BetaDevice): HubDevice {
  return { name, ...basic };
}

function deviceFromHub({ name, ...basic }: HubDevice): BetaDevice {
  return { name, basic };
}

export function claimToHub(claim: resource.v1beta1.ResourceClaim): resource.v1beta2.ResourceClaim {
  return { ...claim, spec: claim.spec && claimSpecToHub(claim.spec) };
}

export function claimFromHub(claim: resource.v1beta2.ResourceClaim): resource.v1beta1.ResourceClaim {
  return { ...claim, spec: claim.spec && claimSpecFromHub(claim.spec) };
}

export function templateToHub(template: resource.v1beta1.ResourceClaimTemplate): resource.v1beta2.ResourceClaimTemplate {
  const { spec } = template;
  return { ...template, spec: spec && { ...spec, spec: spec.spec && claimSpecToHub(spec.spec) } };
}

export function templateFromHub(template: resource.v1beta2.ResourceClaimTemplate): resource.v1beta1.ResourceClaimTemplate {
  const { spec } = template;
  return { ...template, spec: spec && { ...spec, spec: spec.spec && claimSpecFromHub(spec.spec) } };
}

export function sliceToHub(slice: resource.v1beta1.ResourceSlice): resource.v1beta2.ResourceSlice {
  return { ...slice, spec: slice.spec && { ...slice.spec, devices: mapList(slice.spec.devices, deviceToHub) } };
}

export function sliceFromHub(slice: resource.v1beta2.ResourceSlice): resource.v1beta1.ResourceSlice {
  return { ...slice, spec: slice.spec && { ...slice.spec, devices: mapList(slice.spec.devices, deviceFromHub) } };
}
