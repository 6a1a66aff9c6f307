import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Credential, issue } from '../testing/issue.js';
import { CertificateAuthorities } from './certificate-authorities.js';

const certificateOf = ({ certificate }: Credential) => new X509Certificate(certificate.toString('pem'));
const authority = (name: string, issuer?: Credential, days?: number) => issue([{ CN: [name] }], issuer, 'ca', days);

describe('CertificateAuthorities', () => {
  let root: Credential;
  let stranger: Credential;
  beforeAll(async () => {
    root = await authority('root');
    stranger = await authority('stranger');
  });

  /** Names from a certificate up to its authority. */
  const names = (authorities: CertificateAuthorities, certificate: Credential, others: readonly Credential[] = []) =>
    authorities.pathOf(certificateOf(certificate), others.map(certificateOf))?.map(({ subject }) => subject.replace('CN=', ''));

  it('are not found in an empty bundle', () => {
    expect(() => new CertificateAuthorities('')).toThrow(new Error('data does not contain any valid RSA or ECDSA certificates'));
  });

  it('find the way through intermediates in any order, around those that only look like them', async () => {
    const upper = await authority('upper', root);
    const lower = await authority('lower', upper);
    const lookalike = await authority('lower', stranger);
    const leaf = await issue([{ CN: ['bob'] }], lower);
    const authorities = new CertificateAuthorities(stranger.cert + root.cert);
    expect(names(authorities, leaf)).toBeUndefined();
    expect(names(authorities, leaf, [upper, lookalike])).toBeUndefined();
    expect(names(authorities, leaf, [upper, lookalike, lower])).toEqual(['bob', 'lower', 'upper', 'root']);
    expect(names(authorities, lower, [])).toEqual(['lower', 'upper', 'root']);
    expect(names(authorities, root)).toEqual(['root']);
  });

  it('do not let a certificate vouch that is for no authority', async () => {
    const leaf = await issue([{ CN: ['alice'] }], root);
    expect(names(new CertificateAuthorities(root.cert), await issue([{ CN: ['bob'] }], leaf), [leaf])).toBeUndefined();
  });

  it('do not vouch when they have expired', async () => {
    const expired = await authority('expired', undefined, -0.5);
    expect(names(new CertificateAuthorities(expired.cert), await issue([{ CN: ['bob'] }], expired))).toBeUndefined();
    const between = await authority('between', root, -0.5);
    expect(names(new CertificateAuthorities(root.cert), await issue([{ CN: ['bob'] }], between), [between])).toBeUndefined();
  });

  it('remember the intermediates on the way, the hundred last used', async () => {
    const authorities = new CertificateAuthorities(root.cert);
    const [kept, lost, unused] = [await authority('kept', root), await authority('lost', root), await authority('unused', stranger)];
    const leafOf = (issuer: Credential) => issue([{ CN: ['leaf'] }], issuer);
    const [alice, bob, eve] = [await leafOf(kept), await leafOf(lost), await leafOf(unused)];
    expect(names(authorities, alice, [kept, unused])).toEqual(['leaf', 'kept', 'root']);
    expect(names(authorities, bob, [lost])).toEqual(['leaf', 'lost', 'root']);
    expect(names(authorities, eve)).toBeUndefined();
    for (let count = 0; count < 99; count++) {
      const other = await authority(`other ${count}`, root);
      names(authorities, await leafOf(other), [other]);
      if (count === 50) names(authorities, alice);
    }
    expect([names(authorities, alice), names(authorities, bob)]).toEqual([['leaf', 'kept', 'root'], undefined]);
    expect(names(new CertificateAuthorities(root.cert), alice)).toBeUndefined();
  });
});
