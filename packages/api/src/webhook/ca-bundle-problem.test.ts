import { describe, expect, it } from 'vitest';
import { authority } from '../testing/authority.js';
import { caBundleProblem } from './ca-bundle-problem.js';

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
