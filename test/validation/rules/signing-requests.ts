import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';

const request = Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----
MIIBFzCBvwIBADBdMQswCQYDVQQGEwJBVTETMBEGA1UECAwKU29tZS1TdGF0ZTEh
-----END CERTIFICATE REQUEST-----
`).toString('base64');
const conditions = (...types: readonly string[]) => types.map((type) => ({ type, status: 'True', reason: 'Rule' }));

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
      errors: ['status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'],
    },
    {
      rule: 'what is decided is true',
      on: 'update/approval',
      accepted: { 'status.conditions': conditions('Denied') },
      refused: { 'status.conditions': [{ type: 'Denied', status: 'False' }] },
      errors: ['status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    },
    {
      rule: 'it is decided where decisions are made',
      on: 'update/status',
      accepted: { 'status.conditions': conditions('Failed') },
      refused: { 'status.conditions': conditions('Approved') },
      errors: ['status.conditions: Forbidden: updates may not add a condition of type "Approved"'],
    },
  ],
};
