import { Writer } from 'protobufjs/minimal.js';

export const LEASE_GRANT = '/etcdserverpb.Lease/LeaseGrant';

/** The id is the caller's choice, so that asking again after a lost answer cannot grant a second lease. */
export function encodeLeaseGrant(leaseId: number, ttlSeconds: number): Uint8Array {
  return Writer.create().uint32(8).int64(ttlSeconds).uint32(16).int64(leaseId).finish();
}
