import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  path,
  required,
  semanticallyEqual,
  validateImmutable,
} from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import { validateDriverName, validateList } from './device-validation.js';

type Claim = resource.v1beta2.ResourceClaim;
type Status = resource.v1beta2.ResourceClaimStatus;
type Consumer = resource.v1beta2.ResourceClaimConsumerReference;
type Result = resource.v1beta2.DeviceRequestAllocationResult;

const statusPath = path('status');
const maxConsumers = 256;
const maxResults = 32;

function validateConsumer({ resource: plural, name, uid }: Consumer, at: FieldPath): FieldError[] {
  return Object.entries({ resource: plural, name, uid }).flatMap(([field, value]) => (value === '' ? [required(at.child(field))] : []));
}

function validateConsumers(consumers: readonly Consumer[] = []): FieldError[] {
  const at = statusPath.child('reservedFor');
  return [
    ...validateList(consumers, at, maxConsumers, validateConsumer),
    ...consumers.flatMap(({ uid }, i) =>
      consumers.findIndex((other) => other.uid === uid) < i ? [duplicate(at.index(i).child('uid'), uid)] : [],
    ),
  ];
}

function validateResult({ request, driver, pool, device }: Result, at: FieldPath): FieldError[] {
  return [
    ...(request === '' ? [required(at.child('request'))] : []),
    ...validateDriverName(driver, at.child('driver')),
    ...(pool === '' ? [required(at.child('pool'))] : []),
    ...(device === '' ? [required(at.child('device'))] : []),
  ];
}

function namesNew(consumers: readonly Consumer[] = [], old: readonly Consumer[] = []): boolean {
  return consumers.some((consumer) => !old.some((other) => semanticallyEqual(consumer, other)));
}

/** Who may use a claim depends on its allocation, and the allocation must outlive its users. */
function validateReservations({ metadata, status }: Claim, old: Status): FieldError[] {
  const at = statusPath.child('reservedFor');
  const reserved = (status.reservedFor?.length ?? 0) > 0;
  const deleted = metadata.deletionTimestamp !== undefined;
  return [
    ...(reserved && status.allocation === undefined ? [forbiddenField(at, 'may not be specified when `allocated` is not set')] : []),
    ...(deleted && namesNew(status.reservedFor, old.reservedFor)
      ? [forbiddenField(at, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set')]
      : []),
  ];
}

export function validateClaimStatus(claim: Claim, old: Claim): FieldError[] {
  const { allocation, reservedFor } = claim.status;
  const before = old.status.allocation;
  const at = statusPath.child('allocation');
  return [
    ...validateConsumers(reservedFor),
    ...validateReservations(claim, old.status),
    ...validateList(allocation?.devices.results, at.child('devices', 'results'), maxResults, validateResult),
    ...(before !== undefined && allocation !== undefined ? validateImmutable(allocation, before, at) : []),
  ];
}
