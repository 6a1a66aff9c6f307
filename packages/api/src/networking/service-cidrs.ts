import { type FieldError, type FieldPath, invalidField, path, required } from '@keelson/machinery';
import { networking } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { parseIpRange } from '../net/ip-range.js';

type ServiceCIDR = networking.v1.ServiceCIDR;

const at = path('spec', 'cidrs');
const notRange = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

function validateCidr(cidr: string, here: FieldPath): FieldError[] {
  return parseIpRange(cidr) === undefined ? [invalidField(here, cidr, notRange)] : [];
}

function validateCreate({ spec }: ServiceCIDR): FieldError[] {
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length === 0) return [required(at, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalidField(at, cidrs, 'may only hold up to 2 values')];
  const families = new Set(cidrs.map((cidr) => parseIpRange(cidr)?.family));
  const sameFamily = cidrs.length === 2 && families.size === 1 && !families.has(undefined);
  return [
    ...(sameFamily
      ? [invalidField(at, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96')]
      : []),
    ...cidrs.flatMap((cidr, i) => validateCidr(cidr, at.index(i))),
  ];
}

/** What is there stays; a range of the other family may join. */
function validateUpdate({ spec }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const before = old.spec.cidrs ?? [];
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length < before.length || cidrs.length > 2) return [invalidField(at, spec.cidrs, 'field is immutable')];
  return cidrs.flatMap((cidr, i) => {
    if (i >= before.length) return validateCidr(cidr, at.index(i));
    return cidr === before[i] ? [] : [invalidField(at.index(i), cidr, 'field is immutable')];
  });
}

export const serviceCidrs = defineResource<ServiceCIDR>(networking.v1.ServiceCIDR, {
  names: { plural: 'servicecidrs' },
  scope: 'Cluster',
  storage: { key: 'servicecidrs' },
  versions: [{ kind: networking.v1beta1.ServiceCIDR }],
  subresources: { status: status() },
  validate: (cidr, old) => (old === undefined ? validateCreate(cidr) : validateUpdate(cidr, old)),
  columns: [nameColumn(), col('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')), age()],
});
