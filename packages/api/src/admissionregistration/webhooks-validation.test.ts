import { admissionregistration } from '@keelson/schema';
import { expect, it } from 'vitest';
import { defaultWebhook } from './webhook-defaults.js';
import { validateWebhooks } from './webhooks-validation.js';

type Configuration = admissionregistration.v1.ValidatingWebhookConfiguration;

const hook = { name: 'a.example.com', clientConfig: { url: 'https://x/y' }, sideEffects: 'None', admissionReviewVersions: ['v1'] };
const v1 = { apiVersion: 'admissionregistration.k8s.io/v1' };
const rule = { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] };

function configuration(...webhooks: object[]): Configuration {
  return admissionregistration.v1.ValidatingWebhookConfiguration.codec.fromJson({ metadata: {}, webhooks } as never);
}

function messages(change: object, old?: Configuration): string[] {
  return validateWebhooks(configuration({ ...hook, ...change }), old, v1).map(String);
}

it('fills in what a webhook leaves out', () => {
  const [given] = configuration({ ...hook, rules: [rule], clientConfig: { service: { namespace: 'ns', name: 's' } } }).webhooks ?? [];
  if (given === undefined) throw new Error('no webhook');
  defaultWebhook(given);
  expect(given).toEqual({
    ...hook,
    clientConfig: { service: { namespace: 'ns', name: 's', port: 443 } },
    rules: [{ ...rule, scope: '*' }],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
});

it.each([
  [{}, []],
  [{ name: 'a.b' }, ['webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots']],
  [{ timeoutSeconds: 31 }, ['webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds']],
  [{ sideEffects: 'Some' }, ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"']],
  [
    { admissionReviewVersions: ['v2'] },
    ['webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1'],
  ],
  [{ clientConfig: {} }, ['webhooks[0].clientConfig: Required value: exactly one of url or service is required']],
  [
    { clientConfig: { url: 'http://u@x/y?q#f' } },
    [
      'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "f": fragments are not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "q": query parameters are not permitted in the URL',
    ],
  ],
  [
    { clientConfig: { service: { namespace: 'ns', name: 's', path: '/a//b', port: 0 } } },
    [
      'webhooks[0].clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
      'webhooks[0].clientConfig.service.path: Invalid value: "/a//b": segment[1] may not be empty',
    ],
  ],
  [
    { rules: [{ ...rule, resources: ['*/*', 'pods/*', 'pods/log', '*', 'pods'] }] },
    [
      'webhooks[0].rules[0].resources[1]: Invalid value: "pods/*": if \'*/*\' is present, must not specify pods/*',
      'webhooks[0].rules[0].resources[2]: Invalid value: "pods/log": if \'pods/*\' is present, must not specify pods/log',
      'webhooks[0].rules[0].resources: Invalid value: ["*/*","pods/*","pods/log","*","pods"]: if \'*/*\' is present, must not specify other resources',
      'webhooks[0].rules[0].resources: Invalid value: ["*/*","pods/*","pods/log","*","pods"]: if \'*\' is present, must not specify other resources without subresources',
    ],
  ],
])('checks a webhook: %j', (change, expected) => {
  expect(messages(change)).toEqual(expected);
});

it('does not ask of an old configuration what it was let in without', () => {
  const unknown = { admissionReviewVersions: ['v2'], sideEffects: 'Some' };
  expect(messages(unknown, configuration({ ...hook, ...unknown }))).toEqual([]);
  expect(validateWebhooks(configuration(hook, hook), configuration(hook, hook), v1)).toEqual([]);
  expect(validateWebhooks(configuration(hook, hook), configuration(hook), v1).map(String)).toEqual([
    'webhooks[1].name: Duplicate value: "a.example.com"',
  ]);
});

it('asks less of what is written in v1beta1', () => {
  const unknown = configuration({ ...hook, admissionReviewVersions: ['v2'], sideEffects: 'Unknown' }, hook);
  expect(validateWebhooks(unknown, undefined, { apiVersion: 'admissionregistration.k8s.io/v1beta1' })).toEqual([]);
});
