import { dns1123Label, dns1123Subdomain, duplicate, type FieldError, type FieldPath, invalidField, required } from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateForm } from '../../validation/names.js';

type Claim = core.v1.PodResourceClaim;

function validateName(name: string, names: Set<string>, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  return names.size === names.add(name).size ? [duplicate(at, name)] : validateForm(name, at, dns1123Label);
}

function validateSource(claim: Claim, at: FieldPath): FieldError[] {
  const { resourceClaimName: name, resourceClaimTemplateName: template } = claim;
  const refuse = (detail: string) => [invalidField(at, internalForm('core.v1.PodResourceClaim', claim), detail)];
  if (name !== undefined && template !== undefined) {
    return refuse('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified');
  }
  if (name !== undefined || template !== undefined) return [];
  return refuse('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
}

/** Devices that a pod claims (KEP-4381): which, and how its containers call them. */
export function validatePodClaims(claims: readonly Claim[] | undefined, at: FieldPath): FieldError[] {
  const names = new Set<string>();
  return validateEach(claims, at, (claim, here) => [
    ...validateName(claim.name, names, here.child('name')),
    ...validateSource(claim, here),
    ...(['resourceClaimName', 'resourceClaimTemplateName'] as const).flatMap((field) => {
      const name = claim[field];
      return name === undefined ? [] : validateForm(name, here.child(field), dns1123Subdomain);
    }),
  ]);
}
