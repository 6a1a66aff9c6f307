import { resource } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type Resource, status } from '@keelson/server';
import { gatedInClaimSpec, gatedInClaimStatus } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { validateAdminAccess, validateAllocatedAdminAccess } from './admin-access.js';
import { dropDeallocatedDevices } from './allocated-devices-validation.js';
import { claimFromHub, claimToHub } from './beta-conversion.js';
import { defaultBetaClaimSpec, defaultClaimSpec } from './claim-defaults.js';
import { validateClaimStatus } from './claim-status-validation.js';
import { validateClaim } from './claims-validation.js';
import { servedVersions } from './served-versions.js';

type ResourceClaim = resource.v1beta2.ResourceClaim;

function state({ metadata, status }: ResourceClaim): string {
  const deleted = metadata.deletionTimestamp !== undefined;
  const states = deleted ? ['deleted'] : [];
  if (status.allocation !== undefined) states.push('allocated');
  else if (!deleted) states.push('pending');
  if (status.reservedFor?.length) states.push('reserved');
  return states.join(',');
}

/** `namespaces` say who may have admin access. */
export function createResourceClaims(namespaces: Resource): Resource {
  return defineResource<ResourceClaim>(resource.v1beta2.ResourceClaim, {
    names: { plural: 'resourceclaims' },
    scope: 'Namespaced',
    storage: { key: 'resourceclaims' },
    ...servedVersions(
      { v1: resource.v1.ResourceClaim, v1beta2: resource.v1beta2.ResourceClaim, v1beta1: resource.v1beta1.ResourceClaim },
      { toHub: claimToHub, fromHub: claimFromHub, defaults: ({ spec }) => defaultBetaClaimSpec(spec) },
    ),
    deleteReturns: 'object',
    resetFields: ['status'],
    subresources: {
      status: status<ResourceClaim>({
        keeps: ['metadata', 'spec'],
        resets: ['spec'],
        prepareForUpdate: (claim, old) => dropDeallocatedDevices(claim.status, old.status),
        validateAgainstOthers: (claim, old, { namespace }) => validateAllocatedAdminAccess(namespaces, claim.status, old.status, namespace),
        validate: validateClaimStatus,
      }),
    },
    defaults: ({ spec }) => defaultClaimSpec(spec),
    gatedFields: [
      ...within<ResourceClaim, resource.v1beta2.ResourceClaimSpec>(({ spec }) => spec, gatedInClaimSpec),
      ...gatedInClaimStatus,
    ],
    // What is asked for cannot change.
    validateAgainstOthers: async ({ spec }, old, { namespace }) =>
      old === undefined ? validateAdminAccess(namespaces, spec, namespace) : [],
    validate: validateClaim,
    columns: [nameColumn(), col('State', state), age()],
  });
}
