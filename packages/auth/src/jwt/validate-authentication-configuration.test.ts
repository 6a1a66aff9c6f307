import { describe, expect, it } from 'vitest';
import { readAuthenticationConfiguration } from './authentication-configuration.js';
import { validateAuthenticationConfiguration } from './validate-authentication-configuration.js';

const issuer = { url: 'https://issuer.example.com', audiences: ['kubernetes'] };
const claimMappings = { username: { claim: 'sub', prefix: '' } };

const undeclared = `Invalid value: "x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x\n | ^`;
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const unverified =
  'claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression';

const problems = (configuration: object, ...disallowed: string[]) =>
  validateAuthenticationConfiguration(configuration, { disallowedIssuers: disallowed, selectsEgress: true }).map(String);
const ofIssuer = (more: object, ...disallowed: string[]) =>
  problems({ jwt: [{ issuer: { ...issuer, ...more }, claimMappings }] }, ...disallowed);
const ofMappings = (more: object) => problems({ jwt: [{ issuer, claimMappings: { ...claimMappings, ...more } }] });
const ofRules = (...claimValidationRules: object[]) => problems({ jwt: [{ issuer, claimMappings, claimValidationRules }] });

describe('readAuthenticationConfiguration', () => {
  it.each(['v1', 'v1beta1', 'v1alpha1'])('reads %s', (version) => {
    const content = `apiVersion: apiserver.config.k8s.io/${version}
kind: AuthenticationConfiguration
jwt:
- issuer: {url: https://i, audiences: [a]}
  claimMappings: {username: {claim: sub, prefix: ""}}
anonymous:
  enabled: true
  conditions: [{path: /livez}]
`;
    expect(readAuthenticationConfiguration(content)).toEqual({
      jwt: [{ issuer: { url: 'https://i', audiences: ['a'] }, claimMappings: { username: { claim: 'sub', prefix: '' } } }],
      anonymous: { enabled: true, conditions: [{ path: '/livez' }] },
    });
  });

  it.each([
    ['', 'empty config data'],
    [
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n',
      'no kind "AuthorizationConfiguration" is registered for version "apiserver.config.k8s.io/v1"',
    ],
    [
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt: [{issuer: {uri: x}}]\n',
      'strict decoding error: unknown field "jwt[0].issuer.uri"',
    ],
  ])('refuses %j', (content, message) => {
    expect(() => readAuthenticationConfiguration(content)).toThrow(new Error(message));
  });
});

describe('validateAuthenticationConfiguration', () => {
  it.each([
    [{}],
    [{ jwt: [], anonymous: { enabled: false } }],
    [{ jwt: [{ issuer: { ...issuer, audiences: ['a', 'b'], audienceMatchPolicy: 'MatchAny' }, claimMappings }] }],
    [{ jwt: [{ issuer: { ...issuer, discoveryURL: 'https://in.cluster/.well-known/openid-configuration' }, claimMappings }] }],
    [{ anonymous: { enabled: true, conditions: [{ path: '/livez' }] } }],
  ])('accepts %j', (configuration) => expect(problems(configuration)).toEqual([]));

  it('says what is missing', () => {
    expect(problems({ jwt: [{}] })).toEqual([
      'jwt[0].issuer.url: Required value',
      'jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required',
      'jwt[0].claimMappings.username: Required value: claim or expression is required',
    ]);
  });

  it.each([
    ['http://i', 'Invalid value: "http://i": URL scheme must be https'],
    ['issuer', 'Invalid value: "issuer": URL scheme must be https'],
    ['https://u:p@i', 'Invalid value: "https://u:p@i": URL must not contain a username or password'],
    ['https://i/?a=b', 'Invalid value: "https://i/?a=b": URL must not contain a query'],
    ['https://i/#a', 'Invalid value: "https://i/#a": URL must not contain a fragment'],
    ['https://i/%zz', 'Invalid value: "https://i/%zz": parse "https://i/%zz": invalid URL escape "%zz"'],
    ['https://i:x', 'Invalid value: "https://i:x": parse "https://i:x": invalid port ":x" after host'],
    ['://i', 'Invalid value: "://i": parse "://i": missing protocol scheme'],
    ['https://i\n', 'Invalid value: "https://i\\n": parse "https://i\\n": net/url: invalid control character in URL'],
  ])('refuses issuer %j', (url, message) => expect(ofIssuer({ url })).toEqual([`jwt[0].issuer.url: ${message}`]));

  it('refuses issuers of service account tokens, and issuers that come twice', () => {
    expect(ofIssuer({}, 'https://z', issuer.url)).toEqual([
      `jwt[0].issuer.url: Invalid value: "${issuer.url}": URL must not overlap with disallowed issuers: [https://issuer.example.com https://z]`,
    ]);
    const one = { issuer: { ...issuer, discoveryURL: 'https://d' }, claimMappings };
    expect(problems({ jwt: [one, one] })).toEqual([
      `jwt[1].issuer.url: Duplicate value: "${issuer.url}"`,
      'jwt[1].issuer.discoveryURL: Duplicate value: "https://d"',
    ]);
    expect(problems({ jwt: Array.from({ length: 65 }, () => ({})) })).toEqual(['jwt: Too many: 65: must have at most 64 items']);
  });

  it.each([
    [{ discoveryURL: `${issuer.url}/` }, `discoveryURL: Invalid value: "${issuer.url}/": discoveryURL must be different from URL`],
    [{ discoveryURL: 'http://d' }, 'discoveryURL: Invalid value: "http://d": URL scheme must be https'],
    [{ audiences: [''] }, 'audiences[0]: Required value'],
    [{ audiences: ['a', 'a'], audienceMatchPolicy: 'MatchAny' }, 'audiences[1]: Duplicate value: "a"'],
    [{ audiences: ['a', 'b'] }, 'audienceMatchPolicy: Invalid value: "": audienceMatchPolicy must be MatchAny for multiple audiences'],
    [
      { audienceMatchPolicy: 'x' },
      'audienceMatchPolicy: Invalid value: "x": audienceMatchPolicy must be empty or MatchAny for single audience',
    ],
    [
      { certificateAuthority: 'x' },
      'certificateAuthority: Invalid value: "<omitted>": data does not contain any valid RSA or ECDSA certificates',
    ],
    [{ egressSelectorType: 'x' }, 'egressSelectorType: Invalid value: "x": egress selector must be either controlplane or cluster'],
  ])('refuses %j', (more, message) => expect(ofIssuer(more)).toEqual([`jwt[0].issuer.${message}`]));

  it('may say by which way it is reached, where that is on', () => {
    const configuration = { jwt: [{ issuer: { ...issuer, egressSelectorType: 'cluster' }, claimMappings }] };
    expect(problems(configuration)).toEqual([]);
    expect(validateAuthenticationConfiguration(configuration, { disallowedIssuers: [], selectsEgress: false }).map(String)).toEqual([
      'jwt[0].issuer.egressSelectorType: Invalid value: "cluster": egress selector is not supported when StructuredAuthenticationConfigurationEgressSelector feature gate is disabled',
    ]);
  });

  it.each([
    [
      { username: { claim: 'sub' } },
      'username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing',
    ],
    [{ username: { claim: 'sub', expression: 'claims.sub' } }, `username: Invalid value: "": claim and expression can't both be set`],
    [
      { groups: { claim: 'g' } },
      'groups.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing',
    ],
    [{ uid: { claim: 'a', expression: 'b' } }, `uid: Invalid value: "": claim and expression can't both be set`],
    [{ extra: [{ key: 'a.b/c' }] }, 'extra[0].valueExpression: Required value'],
  ])('refuses the mappings %j', (more, message) => expect(ofMappings(more)).toEqual([`jwt[0].claimMappings.${message}`]));

  it.each([
    [[{}], ': Required value: claim or expression is required'],
    [[{ claim: 'a', expression: 'b' }], `: Invalid value: "a": claim and expression can't both be set`],
    [[{ claim: 'a', message: 'm' }], '.message: Invalid value: "m": may not be specified when claim is set'],
  ])('refuses the rules %j', (rules, message) => expect(ofRules(...rules)).toEqual([`jwt[0].claimValidationRules[0]${message}`]));

  it('accepts expressions', () => {
    const expressions = {
      username: { expression: 'claims.email_verified ? claims.email : claims.sub' },
      groups: { expression: 'claims.?groups.orValue([])' },
      uid: { expression: 'claims.sub' },
      extra: [{ key: 'example.com/a', valueExpression: 'claims.a' }],
    };
    const rules = { claimValidationRules: [{ expression: 'claims.a == "b"', message: 'm' }] };
    const userValidationRules = [{ expression: 'user.username != ""' }];
    expect(problems({ jwt: [{ issuer, claimMappings: expressions, ...rules, userValidationRules }] })).toEqual([]);
  });

  it.each([
    [
      { username: { expression: 'x', prefix: '' } },
      ['username.prefix: Invalid value: "": may not be specified when expression is set', `username.expression: ${undeclared}`],
    ],
    [{ groups: { expression: 'x' } }, [`groups.expression: ${undeclared}`]],
    [{ uid: { expression: 'x' } }, [`uid.expression: ${undeclared}`]],
    [{ extra: [{ key: 'a.b/c', valueExpression: 'x' }] }, [`extra[0].valueExpression: ${undeclared}`]],
    [
      { extra: [{ key: 'A.kubernetes.io/c', valueExpression: '""' }] },
      [
        `extra[0].key: Invalid value: "A.kubernetes.io": ${subdomain}`,
        'extra[0].key: Invalid value: "A.kubernetes.io/c": must be lowercase',
        'extra[0].key: Invalid value: "A.kubernetes.io/c": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use',
      ],
    ],
    [{ extra: [1, 2].map(() => ({ key: 'a.b/c', valueExpression: '""' })) }, ['extra[1].key: Duplicate value: "a.b/c"']],
    [{ extra: [{ valueExpression: '""' }] }, ['extra[0].key: Required value']],
    [{ username: { expression: 'claims.email' } }, [`username.expression: Invalid value: "claims.email": ${unverified}`]],
    [{ username: { expression: 'claims.email' }, extra: [{ key: 'a.b/c', valueExpression: 'string(claims.email_verified)' }] }, []],
  ])('refuses the expressions of %j', (more, messages) => {
    expect(ofMappings(more)).toEqual(messages.map((message) => `jwt[0].claimMappings.${message}`));
  });

  it('refuses rules that are no conditions, or come twice', () => {
    const at = 'jwt[0].claimValidationRules';
    expect(
      ofRules({ expression: 'claims.a' }, { expression: 'x' }, { expression: 'true', requiredValue: 'v' }, { expression: 'true' }),
    ).toEqual([
      `${at}[0].expression: Invalid value: "claims.a": must evaluate to bool`,
      `${at}[1].expression: ${undeclared}`,
      `${at}[2].requiredValue: Invalid value: "v": may not be specified when expression is set`,
      `${at}[3].expression: Duplicate value: "true"`,
    ]);
    const userValidationRules = [
      {},
      { expression: "user.name == '1'" },
      { expression: 'user.uid' },
      { expression: 'true' },
      { expression: 'true' },
    ];
    expect(problems({ jwt: [{ issuer, claimMappings, userValidationRules }] })).toEqual([
      'jwt[0].userValidationRules[0].expression: Required value',
      `jwt[0].userValidationRules[1].expression: Invalid value: "user.name == '1'": compilation failed: ERROR: <input>:1:5: undefined field 'name'\n | user.name == '1'\n | ....^`,
      'jwt[0].userValidationRules[2].expression: Invalid value: "user.uid": must evaluate to bool',
      'jwt[0].userValidationRules[4].expression: Duplicate value: "true"',
    ]);
  });

  it('refuses the same claim twice', () => {
    expect(ofRules({ claim: 'a' }, { claim: 'a' })).toEqual(['jwt[0].claimValidationRules[1].claim: Duplicate value: "a"']);
  });

  it('refuses conditions of what is not enabled', () => {
    expect(problems({ anonymous: { conditions: [{ path: '/a' }] } })).toEqual([
      'anonymous.conditions: Invalid value: [{"Path":"/a"}]: enabled should be set to true when conditions are defined',
    ]);
  });
});
