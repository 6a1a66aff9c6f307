import { shape } from '@keelson/schema';

const { duration, fields, flag, listOf, text } = shape;

const webhook = fields({
  authorizedTTL: duration,
  cacheAuthorizedRequests: flag,
  unauthorizedTTL: duration,
  cacheUnauthorizedRequests: flag,
  timeout: duration,
  subjectAccessReviewVersion: text,
  matchConditionSubjectAccessReviewVersion: text,
  failurePolicy: text,
  connectionInfo: fields({ type: text, kubeConfigFile: text }),
  matchConditions: listOf(fields({ expression: text })),
});

/** The configuration file of `--authorization-config`; its versions have one form. */
export const authorizationConfiguration = {
  kind: 'AuthorizationConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `apiserver.config.k8s.io/${version}`),
  shape: fields({ authorizers: listOf(fields({ type: text, name: text, webhook })) }),
};

/** An authorizer as the file has it, in which anything may be left out. */
export type WrittenAuthorizer = NonNullable<shape.Shaped<typeof authorizationConfiguration.shape>['authorizers']>[number];
export type WrittenWebhook = shape.Shaped<typeof webhook>;
