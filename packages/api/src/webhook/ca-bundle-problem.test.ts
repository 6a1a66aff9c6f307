import { describe, expect, it } from 'vitest';
import { caBundleProblem } from './ca-bundle-problem.js';

const authority = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUY0PAfPVkQoOwKjaTsU26Vf3FAIgwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGb3duLWNhMCAXDTI2MTEzMDEzMTcxMFoYDzIxMjYxMTA2MTMx
NzEwWjARMQ8wDQYDVQQDDAZvd24tY2EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARX3E2266BjIxYwMB29LC0PByqTet4+hJmh5GilIrTMLi0U+V8P5k4ImuoFfZ97
XVSCDAv6V0fqgtKvbTaypJGYo1MwUTAdBgNVHQ4EFgQUx7bORFvnI82D08W2uj7Q
buk4cwswHwYDVR0jBBgwFoAUx7bORFvnI82D08W2uj7Qbuk4cwswDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAkaepVRB3ENS7zBxJlrcOPrNrPX+y
2pvTTXG4dEv4vMgCIQCFuiVxpTOnhWaJlDoVzEjj0LiTCUqwVRcYGFrFaUoNVA==
-----END CERTIFICATE-----
`;

const problem = (pem: string) => caBundleProblem(Buffer.from(pem).toString('base64'));
const block = (label: string, content: string) => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
const unusable = 'unable to load root certificates: ';

describe('caBundleProblem', () => {
  it('takes authorities, whatever else is with them, and no bundle', () => {
    expect(problem('')).toBeUndefined();
    expect(problem(authority)).toBeUndefined();
    expect(problem(`of ours:\n${block('CERTIFICATE', 'AAAA')}${authority}`)).toBeUndefined();
  });

  it.each([
    ['text', 'unable to parse bytes as PEM block'],
    ['   ', 'unable to parse bytes as PEM block'],
    [block('CERTIFICATE', '!!'), 'unable to parse bytes as PEM block'],
    [block('CERTIFICATE', 'AAAA'), 'failed to parse certificate: x509: malformed certificate'],
    [block('PUBLIC KEY', 'AAAA'), 'no valid certificate authority data seen'],
  ])('refuses %j', (pem, why) => {
    expect(problem(pem)).toBe(unusable + why);
  });
});
