import { readConfiguration, shape } from '@keelson/schema';

const { fields, flag, listOf, text } = shape;

const prefixedClaim = fields({ claim: text, prefix: text, expression: text });

const jwtAuthenticator = fields({
  issuer: fields({
    url: text,
    discoveryURL: text,
    certificateAuthority: text,
    audiences: listOf(text),
    audienceMatchPolicy: text,
    egressSelectorType: text,
  }),
  claimValidationRules: listOf(fields({ claim: text, requiredValue: text, expression: text, message: text })),
  claimMappings: fields({
    username: prefixedClaim,
    groups: prefixedClaim,
    uid: fields({ claim: text, expression: text }),
    extra: listOf(fields({ key: text, valueExpression: text })),
  }),
  userValidationRules: listOf(fields({ expression: text, message: text })),
});

const configuration = fields({
  jwt: listOf(jwtAuthenticator),
  anonymous: fields({ enabled: flag, conditions: listOf(fields({ path: text })) }),
});

/** An issuer of ID tokens, and what its tokens say of users (KEP-3331). */
export type JwtAuthenticatorConfiguration = shape.Shaped<typeof jwtAuthenticator>;
/** What `--authentication-config` configures. */
export type AuthenticationConfiguration = shape.Shaped<typeof configuration>;
export type AnonymousConfiguration = NonNullable<AuthenticationConfiguration['anonymous']>;

const group = 'apiserver.config.k8s.io';
const kind = {
  kind: 'AuthenticationConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `${group}/${version}`),
  shape: configuration,
};

/** Reads the file of `--authentication-config`. Throws when it is no such configuration; whether it makes sense is another question. */
export function readAuthenticationConfiguration(content: string): AuthenticationConfiguration {
  if (content === '') throw new Error('empty config data');
  return readConfiguration(content, kind).value;
}
