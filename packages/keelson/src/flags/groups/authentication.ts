import { implemented } from '../flag.js';
import { bool, duration, keyValue, string, stringArray, strings } from '../flag-type.js';

const minute = 60_000;

const oidc = {
  'oidc-ca-file': implemented(string, '', 'Certificate authority of the OpenID provider.'),
  'oidc-client-id': implemented(string, '', 'Audience that ID tokens must have.'),
  'oidc-groups-claim': implemented(string, '', 'Claim that holds the groups.'),
  'oidc-groups-prefix': implemented(string, '', 'Prefix of every group.'),
  'oidc-issuer-url': implemented(string, '', 'URL of the OpenID provider whose ID tokens are accepted.'),
  'oidc-required-claim': implemented(keyValue, new Map(), 'Claim that an ID token must have, key=value; repeatable.'),
  'oidc-signing-algs': implemented(strings, ['RS256'], 'Signature algorithms that are accepted.'),
  'oidc-username-claim': implemented(string, 'sub', 'Claim that holds the user name.'),
  'oidc-username-prefix': implemented(string, '', "Prefix of every user name; '-' for none."),
} as const;

const requestHeader = {
  'requestheader-allowed-names': implemented(
    strings,
    [],
    'Common names of client certificates that may assert a user in headers. Empty: every certificate of --requestheader-client-ca-file.',
  ),
  'requestheader-client-ca-file': implemented(string, '', 'Authority of the client certificates that may assert a user in headers.'),
  'requestheader-extra-headers-prefix': implemented(
    strings,
    [],
    'Prefixes of headers that hold extra attributes of the user, such as X-Remote-Extra-.',
  ),
  'requestheader-group-headers': implemented(strings, [], 'Headers that hold groups, such as X-Remote-Group.'),
  'requestheader-uid-headers': implemented(strings, [], 'Headers that hold the uid, such as X-Remote-Uid.'),
  'requestheader-username-headers': implemented(strings, [], 'Headers that hold the user name, such as X-Remote-User.'),
} as const;

const serviceAccount = {
  'service-account-extend-token-expiration': implemented(
    bool,
    true,
    'Let tokens injected into pods live up to a year, for clients that do not reload them.',
  ),
  'service-account-issuer': implemented(
    stringArray,
    [],
    'Issuer of service account tokens, best an https URL. The first issues, all are accepted.',
  ),
  'service-account-jwks-uri': implemented(string, '', 'URL of the key set named in the OpenID discovery document.'),
  'service-account-key-file': implemented(
    stringArray,
    [],
    'PEM file of public or private keys that verify service account tokens; repeatable. Must be specified with --service-account-signing-key-file.',
  ),
  'service-account-lookup': implemented(
    bool,
    true,
    'Require that the secret and the account of a legacy service account token still exist.',
  ),
  'service-account-max-token-expiration': implemented(duration, 0, 'Longest life of a requested token. 0: no limit.'),
  'service-account-signing-endpoint': implemented(
    string,
    '',
    'Unix socket of a program that signs service account tokens and tells of the keys that verify them. Not with --service-account-signing-key-file or --service-account-key-file.',
  ),
  'service-account-signing-key-file': implemented(string, '', 'Private key that signs service account tokens.'),
} as const;

export const authenticationFlags = {
  title: 'Authentication flags',
  flags: {
    ...oidc,
    ...requestHeader,
    ...serviceAccount,
    'anonymous-auth': implemented(
      bool,
      true,
      'Serve requests without credentials as user system:anonymous of group system:unauthenticated. Off with authorization mode AlwaysAllow.',
    ),
    'api-audiences': implemented(strings, [], 'Audiences of this API. Default: each --service-account-issuer.'),
    'authentication-config': implemented(string, '', 'File that configures JWT and anonymous authentication.'),
    'authentication-token-webhook-cache-ttl': implemented(duration, 2 * minute, 'How long answers of the token webhook are kept.'),
    'authentication-token-webhook-config-file': implemented(string, '', 'Kubeconfig of a server that verifies bearer tokens.'),
    'authentication-token-webhook-version': implemented(string, 'v1beta1', 'API version of the TokenReview sent.'),
    'basic-auth-file': implemented(
      string,
      '',
      'CSV file of passwords for HTTP basic authentication: password,user,uid,"group1,group2". Kubernetes v1.19 and later have no such flag.',
    ),
    'client-ca-file': implemented(
      string,
      '',
      'Authorities of client certificates. The common name is the user, the organizations are the groups.',
    ),
    'enable-bootstrap-token-auth': implemented(bool, false, 'Accept bootstrap tokens, kept in secrets of kube-system.'),
    'token-auth-file': implemented(string, '', 'CSV file of bearer tokens: token,user,uid,"group1,group2".'),
  },
} as const;
