import { describe, expect, it } from 'vitest';
import { authority } from '../testing/authority.js';
import { problemsOf } from '../testing/problems-of.js';
import { clusterTrustBundles } from './cluster-trust-bundles.js';

const leaf = `-----BEGIN CERTIFICATE-----
MIIBKzCB0wIUDxm5IJvRWMwiBni3e1HbzLSdwbowCgYIKoZIzj0EAwIwETEPMA0G
A1UEAwwGb3duLWNhMCAXDTI2MTEzMDEzMjMyNVoYDzIxMjYxMTA2MTMyMzI1WjAf
MQ0wCwYDVQQKDARkZXZzMQ4wDAYDVQQDDAVhbGljZTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABFuFZJMkxQUogXq1TFk060xBKr8dwKQrHhHETrtI8Gh5caNbw5xA
nML1MbJiJw0iMIU7I/TGxcBrQ5Il49CcfvMwCgYIKoZIzj0EAwIDRwAwRAIgUN93
mK6EehmWdOTo4hA6LjozXzrEEKhQpkuaVa/ugbECIDoRWtz6FpyfjPbxwdK58sv2
E+/N2TxH+lIDLpGkuJf0
-----END CERTIFICATE-----
`;

function problems(trustBundle: string): string[] {
  return problemsOf(clusterTrustBundles, { spec: { trustBundle } });
}

function refused(detail: string): string {
  return `spec.trustBundle: Invalid value: "<value omitted>": ${detail}`;
}

describe('trust bundles', () => {
  it('hold certificates of authorities, whatever stands between them', () => {
    expect(problems(`# ours\n${authority}`)).toEqual([]);
  });

  it.each([
    ['', ['at least one trust anchor must be provided']],
    [leaf, ['entry 0 does not have the CA bit set']],
    [authority + authority, ['duplicate trust anchor (indices [0 1])']],
    [authority.replace('-----\n', '-----\nComment: ours\n\n'), ['entry 0 has PEM block headers']],
    [
      `${authority}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${authority.replaceAll('CERTIFICATE', 'KEY')}`,
      ['entry 1 does not parse as X.509', 'entry 2 has bad block type: KEY'],
    ],
  ])('are refused where they hold else (%#)', (bundle, details) => {
    expect(problems(bundle)).toEqual(details.map(refused));
  });

  it('are refused when they are too big', () => {
    expect(problems('x'.repeat(1024 * 1024 + 1))).toEqual(['spec.trustBundle: Too long: may not be more than 1048576 bytes']);
  });
});
