import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  type ApiError,
  type Authorizer,
  type KubeObject,
  SignerAccess,
} from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, type Target, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { CertificateApproval } from './certificate-approval.js';
import { CertificateSigning } from './certificate-signing.js';
import { ClusterTrustBundleAttest } from './cluster-trust-bundle-attest.js';

const requests = target('certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests');
const bundles = target('certificates.k8s.io', 'ClusterTrustBundle', 'clustertrustbundles');

/** Allows the use of these signers, and fails for one that is called broken. */
function signers(...allowed: string[]): { readonly access: SignerAccess; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const authorizer: Authorizer = {
    authorize({ user, verb, apiGroup, apiVersion, resource, namespace, name }) {
      asked.push([user.name, verb, apiGroup, apiVersion, resource, namespace, name]);
      if (name === 'broken/one') return { decision: 'noOpinion', error: new Error('no answer') };
      return { decision: allowed.includes(name) ? 'allow' : 'noOpinion' };
    },
  };
  return { access: new SignerAccess(authorizer, hostOf().log), asked };
}

describe('the use of a signer', () => {
  it('is allowed by its name or by its domain', async () => {
    const { access, asked } = signers('a.com/one', 'b.com/*');
    const user = { name: 'alice', groups: [] };
    const allowed = ['a.com/one', 'a.com/two', 'b.com/any/more', 'broken/one'].map((name) => access.allows(user, 'sign', name));
    expect(await Promise.all(allowed)).toEqual([true, false, true, false]);
    expect(asked.slice(0, 2)).toContainEqual(['alice', 'sign', 'certificates.k8s.io', '*', 'signers', '', 'a.com/one']);
    expect(asked).toContainEqual(['alice', 'sign', 'certificates.k8s.io', '*', 'signers', '', 'a.com/*']);
  });
});

type Make = (access: SignerAccess) => AdmissionPlugin;

async function outcome(
  make: Make,
  allowed: string,
  of: Target,
  object: object,
  more: Partial<AdmissionAttributes> & { oldObject?: object } = {},
): Promise<string> {
  const { operation = 'UPDATE', ...rest } = more;
  const plugin = make(signers(allowed).access);
  const written = attributes(of, operation, object as KubeObject, rest as Partial<AdmissionAttributes>);
  if (!plugin.handles(operation)) return 'of no interest';
  const error = (await failureOf(() => plugin.validate?.(written))) as ApiError | undefined;
  return error?.message ?? 'admitted';
}

function signingRequest(signerName: string, status: object = {}) {
  return { metadata: { name: 'r' }, spec: { signerName }, status };
}

const refused = 'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to';

describe('CertificateApproval', () => {
  const make: Make = (access) => new CertificateApproval(access);
  const asked = signingRequest('a.com/one');
  const approval = { subresource: 'approval', oldObject: asked };

  it('asks whether the signer of the request as it was may be approved for', async () => {
    expect(await outcome(make, 'a.com/one', requests, signingRequest('other'), approval)).toBe('admitted');
    expect(await outcome(make, 'other', requests, signingRequest('other'), approval)).toBe(
      `${refused} approve requests with signerName "a.com/one"`,
    );
  });

  it('is not asked about anything else', async () => {
    expect(await outcome(make, '', requests, asked, { ...approval, subresource: 'status' })).toBe('admitted');
    expect(await outcome(make, '', bundles, asked, approval)).toBe('admitted');
    expect(await outcome(make, '', requests, asked, { ...approval, operation: 'CREATE' })).toBe('of no interest');
  });
});

describe('CertificateSigning', () => {
  const make: Make = (access) => new CertificateSigning(access);
  const condition = { type: 'Failed', status: 'True' };
  const status = (is: object, was: object = {}, allowed = '') =>
    outcome(make, allowed, requests, signingRequest('a.com/one', is), {
      subresource: 'status',
      oldObject: signingRequest('a.com/one', was),
    });

  it.each([
    ['a certificate', { certificate: 'Zg==' }, {}],
    ['another certificate', { certificate: 'Zw==' }, { certificate: 'Zg==' }],
    ['a condition', { conditions: [condition] }, { conditions: [] }],
  ])('asks who writes %s', async (_, is, was) => {
    expect(await status(is, was)).toBe(`${refused} sign requests with signerName "a.com/one"`);
    expect(await status(is, was, 'a.com/*')).toBe('admitted');
  });

  it('does not ask who changes neither', async () => {
    expect(await status({ conditions: [{ ...condition }], certificate: 'Zg==' }, { conditions: [condition], certificate: 'Zg==' })).toBe(
      'admitted',
    );
    expect(await status({ conditions: [] }, {})).toBe('admitted');
  });
});

describe('ClusterTrustBundleAttest', () => {
  const make: Make = (access) => new ClusterTrustBundleAttest(access);
  const bundle = (signerName?: string, metadata: object = {}, trustBundle = 'x') => ({
    metadata: { name: 'b', ...metadata },
    spec: { trustBundle, ...(signerName && { signerName }) },
  });
  const no = 'clustertrustbundles.certificates.k8s.io "b" is forbidden: user not permitted to attest for signerName "a.com/one"';

  it('asks who writes a bundle for a signer', async () => {
    expect(await outcome(make, '', bundles, bundle('a.com/one'), { operation: 'CREATE' })).toBe(no);
    expect(await outcome(make, 'a.com/one', bundles, bundle('a.com/one'), { operation: 'CREATE' })).toBe('admitted');
    expect(await outcome(make, '', bundles, bundle(), { operation: 'CREATE' })).toBe('admitted');
    expect(await outcome(make, '', bundles, bundle('a.com/one', {}, 'y'), { oldObject: bundle('a.com/one') })).toBe(no);
    expect(await outcome(make, '', bundles, bundle('a.com/one', { labels: { a: 'b' } }), { oldObject: bundle('a.com/one') })).toBe(no);
  });

  it('does not ask who changes only what garbage collection does', async () => {
    const collected = { finalizers: ['f'], ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' }], managedFields: [] };
    expect(await outcome(make, '', bundles, bundle('a.com/one', collected), { oldObject: bundle('a.com/one') })).toBe('admitted');
  });
});
