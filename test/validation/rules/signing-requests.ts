import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const pem = (label: string, content: string): string => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
const content = `MIHaMIGBAgEAMB8xDTALBgNVBAoMBGRldnMxDjAMBgNVBAMMBXJ1bGVzMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEE4lT5njTK7WUCG+RkdkYRWuYaWOkyt6zK3tu
lacvXlZNy0LflaCXujBf0KEW1wmdC2Sa64tGfPznYtLP1O9jcqAAMAoGCCqGSM49
BAMCA0gAMEUCIATJX03bciq/1z1yp5k3YxxUnpLH7R4zWYAulw1iVqUnAiEA4OWz
nI7Tw7+bMiFFpFeyit96f+j9U45Qln6r0aNoXtk=`;
const request = base64(pem('CERTIFICATE REQUEST', content));
/** Changed since it was signed. */
const forged = base64(pem('CERTIFICATE REQUEST', content.replace('1bGVz', '1bGV0')));
const truncated = base64(pem('CERTIFICATE REQUEST', content.split('\n').slice(0, 2).join('\n')));
const certificate = `MIIBeDCCAR2gAwIBAgIUX2h8MPyhXSSY+iZa/MdXxmnH7IcwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFcnVsZXMwIBcNMjYxMTMwMTM0OTMwWhgPMjEyNjExMDYxMzQ5
MzBaMBAxDjAMBgNVBAMMBXJ1bGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
E4lT5njTK7WUCG+RkdkYRWuYaWOkyt6zK3tulacvXlZNy0LflaCXujBf0KEW1wmd
C2Sa64tGfPznYtLP1O9jcqNTMFEwHQYDVR0OBBYEFIJHdsUKbfPM795dPLLgtrbd
eT6bMB8GA1UdIwQYMBaAFIJHdsUKbfPM795dPLLgtrbdeT6bMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAN6J8mRtLswQA9TAg/KusHpnzmb3iOHS
5rURkIB+P2YpAiEAybQlB94l/OOyIgeKIhaAasMlKAJurWa1W14lDjjmMdg=`;
const issued = base64(pem('CERTIFICATE', certificate));
const issuedChain = base64(pem('CERTIFICATE', certificate).repeat(2));
const conditions = (...types: readonly string[]) => types.map((type) => ({ type, status: 'True', reason: 'Rule' }));

const certificateRule = (rule: string, refused: string, problem: string): Rule => ({
  rule,
  on: 'update/status',
  accepted: { 'status.certificate': issuedChain },
  refused: { 'status.certificate': base64(refused) },
  errors: [`status.certificate: Invalid value: "<certificate data>": ${problem}`],
});

const certificateRules: readonly Rule[] = [
  certificateRule('what is issued is a certificate', 'a', 'must contain at least one CERTIFICATE PEM block'),
  certificateRule(
    'nothing but certificates is issued',
    pem('CERTIFICATE', certificate) + pem('TRUST', certificate),
    'only CERTIFICATE PEM blocks are allowed, found "TRUST"',
  ),
  certificateRule('certificates have no headers', pem('CERTIFICATE', `A: b\n\n${certificate}`), 'no PEM block headers are permitted'),
  certificateRule('certificates can be read', pem('CERTIFICATE', 'YQ=='), 'x509: malformed certificate'),
  {
    rule: 'what is issued stays',
    on: 'update/status',
    before: { 'status.certificate': issued },
    accepted: { 'status.conditions': conditions('Reviewed') },
    refused: { 'status.certificate': issuedChain },
    errors: ['status.certificate: Forbidden: updates may not modify existing certificate content'],
  },
];

export const signingRequests: RulesOfKind = {
  collection: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
  kind: 'CertificateSigningRequest.certificates.k8s.io',
  example: { spec: { request, signerName: 'rules.example.com/signer', usages: ['client auth'] } },
  rules: [
    fieldRule(
      'a request is one',
      'spec.request',
      request,
      Buffer.from('a').toString('base64'),
      'Invalid value: "YQ==": PEM block type must be CERTIFICATE REQUEST',
    ),
    fieldRule(
      'a request is whole',
      'spec.request',
      request,
      truncated,
      `Invalid value: "${truncated}": asn1: syntax error: data truncated`,
    ),
    fieldRule(
      'a request is signed with the key that it is for',
      'spec.request',
      request,
      forged,
      `Invalid value: "${forged}": x509: ECDSA verification failure`,
    ),
    fieldRule('there are usages', 'spec.usages', ['any'], [], 'Required value'),
    {
      rule: 'usages are told once',
      accepted: { 'spec.usages': ['any', 'signing'] },
      refused: { 'spec.usages': ['any', 'any'] },
      errors: ['spec.usages[1]: Duplicate value: "any"'],
    },
    fieldRule('there is a signer', 'spec.signerName', 'a.b/c', '', 'Required value'),
    fieldRule(
      'a signer has a domain',
      'spec.signerName',
      'a.b/c',
      'signer',
      `Invalid value: "signer": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ),
    fieldRule(
      'a signer is not the one of old',
      'spec.signerName',
      'kubernetes.io/kubelet-serving',
      'kubernetes.io/legacy-unknown',
      'Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
    ),
    fieldRule(
      'a certificate lasts',
      'spec.expirationSeconds',
      600,
      599,
      'Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)',
    ),
    {
      rule: 'a request is approved or denied',
      on: 'update/approval',
      accepted: { 'status.conditions': conditions('Approved') },
      refused: { 'status.conditions': conditions('Approved', 'Denied') },
      errors: ['status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'],
    },
    {
      rule: 'what is decided is true',
      on: 'update/approval',
      accepted: { 'status.conditions': conditions('Denied') },
      refused: { 'status.conditions': [{ type: 'Denied', status: 'False' }] },
      errors: ['status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    },
    {
      rule: 'a condition has a type',
      on: 'update/approval',
      accepted: { 'status.conditions': conditions('Reviewed') },
      refused: { 'status.conditions': conditions('') },
      errors: ['status.conditions[0].type: Required value'],
    },
    {
      rule: 'there is one condition of a type',
      on: 'update/approval',
      accepted: { 'status.conditions': conditions('Approved', 'Reviewed') },
      refused: { 'status.conditions': conditions('Approved', 'Approved') },
      errors: ['status.conditions[1].type: Duplicate value: "Approved"'],
    },
    {
      rule: 'a condition is so or not',
      on: 'update/approval',
      accepted: { 'status.conditions': [{ type: 'Reviewed', status: 'Unknown' }] },
      refused: { 'status.conditions': [{ type: 'Reviewed', status: '' }] },
      errors: ['status.conditions[0].status: Required value'],
    },
    {
      rule: 'what is decided stays decided',
      on: 'update/status',
      before: { 'status.conditions': conditions('Failed') },
      accepted: { 'status.conditions': conditions('Reviewed', 'Failed') },
      refused: { 'status.conditions': conditions('Reviewed') },
      errors: ['status.conditions: Forbidden: updates may not remove a condition of type "Failed"'],
    },
    ...certificateRules,
    {
      rule: 'it is decided where decisions are made',
      on: 'update/status',
      accepted: { 'status.conditions': conditions('Failed') },
      refused: { 'status.conditions': conditions('Approved') },
      errors: ['status.conditions: Forbidden: updates may not add a condition of type "Approved"'],
    },
  ],
};
