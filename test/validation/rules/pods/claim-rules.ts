import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notLabel, notSubdomain } from '../format-messages.js';

const claims = 'spec.resourceClaims';
const gpu = { name: 'gpu', resourceClaimName: 'a' };

const claiming = (rule: string, accepted: object, refused: object, error: string): Rule => ({
  rule,
  accepted: { [claims]: [{ ...gpu, ...accepted }] },
  refused: { [claims]: [{ ...gpu, ...refused }] },
  errors: [`${claims}[0]${error}`],
});

/** Devices that a pod claims (KEP-4381). */
export const claimRules: readonly Rule[] = [
  claiming('a claim has a name', { name: 'a' }, { name: '' }, '.name: Required value'),
  claiming('the name of a claim is a label', { name: 'a-1' }, { name: 'A' }, `.name: Invalid value: "A": ${notLabel}`),
  {
    rule: 'claims have names of their own',
    accepted: { [claims]: [gpu, { ...gpu, name: 'npu' }] },
    refused: { [claims]: [gpu, gpu] },
    errors: [`${claims}[1].name: Duplicate value: "gpu"`],
  },
  fieldRule(
    'a claim exists or has a template',
    `${claims}[0]`,
    { name: 'gpu', resourceClaimTemplateName: 'a' },
    { name: 'gpu' },
    'Invalid value: {"Name":"gpu","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
  ),
  claiming(
    'a claim that exists has no template',
    {},
    { resourceClaimTemplateName: 'b' },
    ': Invalid value: {"Name":"gpu","ResourceClaimName":"a","ResourceClaimTemplateName":"b"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
  ),
  claiming(
    'the name of a claim that exists is a subdomain',
    { resourceClaimName: 'a.b' },
    { resourceClaimName: 'A' },
    `.resourceClaimName: Invalid value: "A": ${notSubdomain}`,
  ),
];
