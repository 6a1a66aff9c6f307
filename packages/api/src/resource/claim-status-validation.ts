import {
  dns1123Label,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  path,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import { internalForm, type resource } from '@keelson/schema';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateNodeSelector } from '../validation/node-selector.js';
import { validateAllocatedDevices } from './allocated-devices-validation.js';
import { validateBindingConditions } from './binding-conditions-validation.js';
import { validateConfiguration, validateDriverName, validateList, validatePoolName, validateSet } from './device-validation.js';
import { requestNames, validateRequestReference, validateRequestReferences } from './request-references.js';
import { validateUuid } from './uuid-validation.js';

type Claim = resource.v1beta2.ResourceClaim;
type Status = resource.v1beta2.ResourceClaimStatus;
type Consumer = resource.v1beta2.ResourceClaimConsumerReference;
type Allocation = resource.v1beta2.AllocationResult;
type Result = resource.v1beta2.DeviceRequestAllocationResult;
type Configuration = resource.v1beta2.DeviceAllocationConfiguration;

const statusPath = path('status');
const maxConsumers = 256;
const maxResults = 32;
/** Of the class and of the claim. */
const maxConfigurations = 2 * 32;

function validateConsumer({ resource: plural, name, uid }: Consumer, at: FieldPath): FieldError[] {
  return Object.entries({ resource: plural, name, uid }).flatMap(([field, value]) => (value === '' ? [required(at.child(field))] : []));
}

function namesNew(consumers: readonly Consumer[] = [], old: readonly Consumer[] = []): boolean {
  return consumers.some((consumer) => !old.some((other) => semanticallyEqual(consumer, other)));
}

/** Who may use a claim depends on its allocation, and the allocation must outlive its users. */
function validateReservations({ metadata, status }: Claim, old: Status): FieldError[] {
  const at = statusPath.child('reservedFor');
  if (!status.reservedFor?.length) return [];
  if (status.allocation === undefined) return [forbiddenField(at, 'may not be specified when `allocated` is not set')];
  if (metadata.deletionTimestamp === undefined || !namesNew(status.reservedFor, old.reservedFor)) return [];
  return [forbiddenField(at, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set')];
}

function validateResult(result: Result, at: FieldPath, requests: ReadonlySet<string>): FieldError[] {
  const { request, driver, pool, device, shareID } = result;
  return [
    ...validateRequestReference(request, at.child('request'), requests),
    ...validateDriverName(driver, at.child('driver')),
    ...validatePoolName(pool, at.child('pool')),
    ...validateForm(device, at.child('device'), dns1123Label),
    ...validateBindingConditions(result, at),
    ...(shareID === undefined ? [] : validateUuid(shareID, at.child('shareID'))),
  ];
}

function validateAllocatedConfiguration(configuration: Configuration, at: FieldPath, requests: ReadonlySet<string>): FieldError[] {
  return [
    ...validateEnumerated(configuration.source, at.child('source'), ['FromClaim', 'FromClass']),
    ...validateRequestReferences(configuration.requests, at.child('requests'), requests),
    ...validateConfiguration(configuration, at, false),
  ];
}

/** An allocation is looked at when it is made. It does not change afterwards. */
function validateAllocation(allocation: Allocation, old: Allocation | undefined, requests: ReadonlySet<string>): FieldError[] {
  const at = statusPath.child('allocation');
  if (old !== undefined) {
    if (semanticallyEqual(allocation, old)) return [];
    return [invalidField(at, internalForm('resource.v1beta2.AllocationResult', allocation), 'field is immutable')];
  }
  const { devices, nodeSelector } = allocation;
  const here = at.child('devices');
  return [
    ...validateList(devices.results, here.child('results'), maxResults, (result, each) => validateResult(result, each, requests)),
    ...validateList(devices.config, here.child('config'), maxConfigurations, (configuration, each) =>
      validateAllocatedConfiguration(configuration, each, requests),
    ),
    ...(nodeSelector === undefined ? [] : validateNodeSelector(nodeSelector, at.child('nodeSelector'))),
  ];
}

export function validateClaimStatus(claim: Claim, old: Claim): FieldError[] {
  const { allocation, devices, reservedFor } = claim.status;
  return [
    ...validateSet(reservedFor, statusPath.child('reservedFor'), maxConsumers, validateConsumer, { keyOf: ({ uid }) => uid, field: 'uid' }),
    ...validateAllocatedDevices(devices, allocation, statusPath.child('devices')),
    ...validateReservations(claim, old.status),
    ...(allocation === undefined ? [] : validateAllocation(allocation, old.status.allocation, requestNames(claim.spec.devices))),
  ];
}
