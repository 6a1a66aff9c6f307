import { type FieldError, invalidField, path, required } from '@keelson/machinery';
import { internalForm, networking, shownAsSent } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { parseIpRange } from '../net/ip-range.js';
import { validateCanonicalCidr } from '../net/ip-validation.js';

type ServiceCIDR = networking.v1.ServiceCIDR;

const at = path('spec', 'cidrs');

function validateRanges(spec: ServiceCIDR['spec']): FieldError[] {
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length === 0) return [required(at, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalidField(at, internalForm('networking.v1.ServiceCIDRSpec', spec), 'may only hold up to 2 values')];
  const families = new Set(cidrs.map((cidr) => parseIpRange(cidr)?.family));
  const sameFamily = cidrs.length === 2 && families.size === 1 && !families.has(undefined);
  return [
    ...cidrs.flatMap((cidr, i) => validateCanonicalCidr(cidr, at.index(i))),
    ...(sameFamily
      ? [invalidField(at, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64')]
      : []),
  ];
}

/** What is there stays; a range of the other family may join. */
function validateUpdate({ spec }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const [cidrs, before] = [spec.cidrs ?? [], old.spec.cidrs ?? []];
  const joined = before.length === 1 && cidrs.length === 2;
  if (cidrs.length !== before.length && !joined) return [invalidField(at, shownAsSent(spec, 'cidrs'), 'field is immutable')];
  const changed = before.flatMap((cidr, i) => (cidr === cidrs[i] ? [] : [invalidField(at.index(i), cidrs[i], 'field is immutable')]));
  return joined ? [...changed, ...validateRanges(spec)] : changed;
}

export const serviceCidrs = defineResource<ServiceCIDR>(networking.v1.ServiceCIDR, {
  names: { plural: 'servicecidrs' },
  scope: 'Cluster',
  metadataChecks: { own: 0 },
  storage: { key: 'servicecidrs' },
  versions: [
    {
      kind: networking.v1beta1.ServiceCIDR,
      deprecationWarning: deprecationText(networking.v1beta1.ServiceCIDR, { deprecated: '1.34', removed: '1.37' }),
    },
  ],
  subresources: { status: status({ keeps: ['metadata', 'spec'], resets: [] }) },
  validate: (cidr, old) => (old === undefined ? validateRanges(cidr.spec) : validateUpdate(cidr, old)),
  columns: [nameColumn(), col('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')), age()],
});
