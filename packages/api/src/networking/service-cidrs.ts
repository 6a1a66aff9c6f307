import { type FieldError, type FieldPath, invalidField, path, required } from '@keelson/machinery';
import { networking, shownAsSent } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { parseIp } from '../net/ip-address.js';
import { parseIpRange } from '../net/ip-range.js';
import { validateCidr } from '../net/ip-validation.js';

type ServiceCIDR = networking.v1.ServiceCIDR;

const at = path('spec', 'cidrs');

/** A range that is written as one writes ranges: by its first address. */
function validateRange(text: string, here: FieldPath): FieldError[] {
  const range = parseIpRange(text);
  if (range === undefined) return validateCidr(text, here);
  const { value } = parseIp(text.slice(0, text.indexOf('/'))) ?? {};
  return value === range.base ? [] : [invalidField(here, text, 'must not have bits set beyond the prefix length')];
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
    ...cidrs.flatMap((cidr, i) => validateRange(cidr, at.index(i))),
  ];
}

/** What is there stays; a range of the other family may join. */
function validateUpdate({ spec }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const before = old.spec.cidrs ?? [];
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length < before.length || cidrs.length > 2) return [invalidField(at, shownAsSent(spec, 'cidrs'), 'field is immutable')];
  return cidrs.flatMap((cidr, i) => {
    if (i >= before.length) return validateRange(cidr, at.index(i));
    return cidr === before[i] ? [] : [invalidField(at.index(i), cidr, 'field is immutable')];
  });
}

export const serviceCidrs = defineResource<ServiceCIDR>(networking.v1.ServiceCIDR, {
  names: { plural: 'servicecidrs' },
  scope: 'Cluster',
  storage: { key: 'servicecidrs' },
  versions: [
    {
      kind: networking.v1beta1.ServiceCIDR,
      deprecationWarning: deprecationText(networking.v1beta1.ServiceCIDR, { deprecated: '1.34', removed: '1.37' }),
    },
  ],
  subresources: { status: status({ keeps: ['metadata', 'spec'], resets: ['spec'] }) },
  validate: (cidr, old) => (old === undefined ? validateCreate(cidr) : validateUpdate(cidr, old)),
  columns: [nameColumn(), col('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')), age()],
});
