import { describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { etcd, external, issuer, optionsOf } from './testing/options-of.js';

describe('optionsFromFlags', () => {
  it.each<[string[], string]>([
    [[], '--etcd-servers must be specified'],
    [['--etcd-servers=nowhere:2379'], '--etcd-servers: "nowhere:2379" is not an http or https URL'],
    [[etcd, '--etcd-certfile=a'], '--etcd-keyfile and --etcd-certfile: KeyFile and CertFile must both be present[key: , cert: a]'],
    [[etcd, '--data-dir=x'], '--data-dir needs --storage-backend=embedded'],
    [['--storage-backend=embedded'], '--storage-backend=embedded needs --data-dir'],
    [
      [etcd, '--storage-media-type=text/plain'],
      '--storage-media-type "text/plain" invalid, allowed values: application/json, application/vnd.kubernetes.protobuf, application/yaml',
    ],
    [[etcd, '--lease-reuse-duration-seconds=-1'], '--lease-reuse-duration-seconds can not be negative value'],
    [[etcd, '--livez-grace-period=-1s'], '--livez-grace-period can not be a negative value'],
    [
      [etcd, '--endpoint-reconciler-type=master-count'],
      '--endpoint-reconciler-type=master-count is not supported: available are lease, none',
    ],
    [[etcd, '--event-ttl=0'], '--event-ttl must be greater than 0'],
    [[etcd, '--watch-cache-sizes=pods'], 'invalid value of watch cache size: pods'],
    [[etcd, '--watch-cache-sizes=pods#x'], 'invalid size of watch cache size: pods#x'],
    [[etcd, '--watch-cache-sizes=nodes#0,pods#-1'], 'watch cache size cannot be negative: pods#-1'],
    [
      [etcd, '--storage-versions=apps=extensions/v1beta1,v1,events/'],
      [
        '--storage-versions: "apps=extensions/v1beta1" is neither a version of the core group nor <group>/<version>',
        '--storage-versions: "events/" is neither a version of the core group nor <group>/<version>',
      ].join('\n'),
    ],
    [[etcd, '--storage-versions=apps/v1,apps/v1beta1'], '--storage-versions: more than one version of group "apps"'],
    [[etcd, '--secure-port=0'], '--secure-port 0 must be between 1 and 65535, inclusive. It cannot be turned off with 0'],
    [[etcd, '--secure-port=70000'], '--secure-port 70000 must be between 1 and 65535, inclusive. It cannot be turned off with 0'],
    [[etcd, '--tls-private-key-file=k'], '--tls-cert-file and --tls-private-key-file: missing filename for serving cert'],
    [
      [etcd, '--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA'],
      "--tls-cipher-suites: Cipher suite TLS_RSA_WITH_RC4_128_SHA not supported or doesn't exist",
    ],
    [
      [etcd, '--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      '--tls-cipher-suites: error configuring http2: http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)',
    ],
    [[etcd, '--advertise-address=here'], 'invalid argument "here" for "--advertise-address" flag: failed to parse IP: "here"'],
    [[etcd, '--tls-min-version=1.2'], '--tls-min-version: unknown tls version "1.2"'],
    [
      [etcd, '--shutdown-watch-termination-grace-period=-1s'],
      'shutdown-watch-termination-grace-period, if provided, can not be a negative value',
    ],
    ...['example.com', '^example', 'example$'].map((origin): [string[], string] => [
      [etcd, `--cors-allowed-origins=${origin}`],
      '--cors-allowed-origins has an invalid regular expression: regular expression does not pin to start/end of host in the origin header',
    ]),
    [[etcd, '--cors-allowed-origins=('], '--cors-allowed-origins has an invalid regular expression: ('],
    [
      [etcd, '--strict-transport-security-directives=always'],
      '--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more information',
    ],
    [[etcd, '--authorization-mode=Sometimes'], 'authorization-mode "Sometimes" is not a valid mode'],
    [
      [etcd, '--authorization-mode=AlwaysAllow,AlwaysAllow'],
      'authorization-mode ["AlwaysAllow" "AlwaysAllow"] has mode specified more than once',
    ],
    [[etcd, '--authorization-mode=ABAC'], "authorization-mode ABAC's authorization policy file not passed"],
    [[etcd, '--authorization-policy-file=x'], 'cannot specify --authorization-policy-file without mode ABAC'],
    [[etcd, '--authorization-mode=Webhook'], "authorization-mode Webhook's authorization config file not passed"],
    [[etcd, '--authorization-webhook-config-file=x'], 'cannot specify --authorization-webhook-config-file without mode Webhook'],
    [
      [etcd, '--authorization-mode=Webhook', '--authorization-webhook-config-file=x', '--authorization-webhook-version=v2'],
      'unsupported webhook authorizer version "v2", supported versions are "v1", "v1beta1"',
    ],
    [
      [etcd, '--authorization-config=x', '--authorization-mode=RBAC'],
      '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
    ],
    [
      [etcd, '--authorization-config=x', '--authorization-webhook-version=v1beta1'],
      '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
    ],
    [[etcd, '--requestheader-group-headers=X-Remote-Group, '], 'empty value in "requestheader-group-headers"'],
    [
      [etcd, '--requestheader-uid-headers=X-Uid'],
      '--requestheader-uid-headers is set without specifying the standard X-Remote-Uid header - API aggregation will not work',
    ],
    [
      [etcd, '--requestheader-uid-headers=X-Remote-Uid', '--feature-gates=RemoteRequestHeaderUID=false'],
      '--requestheader-uid-headers requires the "RemoteRequestHeaderUID" feature to be enabled',
    ],
    [[etcd, '--oidc-issuer-url=https://i'], 'oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set'],
    [[etcd, '--oidc-username-claim=sub'], 'oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set'],
    [
      [etcd, '--authentication-config=f', '--oidc-username-claim=sub'],
      'authentication-config file and oidc-* flags are mutually exclusive',
    ],
    [
      [etcd, '--oidc-issuer-url=https://i', '--oidc-client-id=c', '--oidc-signing-algs=RS256,HS256'],
      'oidc: unsupported signing alg: "HS256"',
    ],
    [
      [etcd, '--authentication-token-webhook-config-file=f', '--authentication-token-webhook-version=v2'],
      'unsupported authentication webhook version "v2", supported versions are "v1", "v1beta1"',
    ],
    [[etcd, ...issuer.slice(0, 2)], 'either `--service-account-key-file` or `--service-account-signing-endpoint` must be set'],
    ...['--service-account-issuer=https://i', '--service-account-signing-key-file=k', '--api-audiences=a'].map(
      (flag): [string[], string] => [
        [etcd, flag, '--service-account-key-file=p'],
        '--service-account-signing-key-file, --service-account-issuer, and --api-audiences should be specified together',
      ],
    ),
    [[etcd, ...issuer, '--service-account-issuer=://x'], `service-account-issuer "://x" contained a ':' but was not a valid URL`],
    [[etcd, ...issuer, '--service-account-issuer=https://i'], '--service-account-issuer has the same value more than once'],
    [[etcd, ...issuer, '--service-account-issuer='], 'service-account-issuer should not be an empty string'],
    [[etcd, '--service-account-signing-endpoint=/run/s.sock'], 'service-account-issuer is a required flag'],
    ...issuer
      .slice(1)
      .map((file): [string[], string] => [
        [etcd, ...external, file],
        "can't set `--service-account-signing-key-file` and/or `--service-account-key-file` with `--service-account-signing-endpoint` (They are mutually exclusive)",
      ]),
    [
      [etcd, ...external, '--feature-gates=ExternalServiceAccountTokenSigner=false'],
      'setting `--service-account-signing-endpoint` requires enabling ExternalServiceAccountTokenSigner feature gate',
    ],
    [
      [etcd, ...external, '--service-account-signing-endpoint=@a..b'],
      'invalid value "@a..b" passed for `--service-account-signing-endpoint`, when prefixed with @ must be a valid abstract socket name',
    ],
    [[etcd, '--egress-selector-config-file=/none/egress.yaml'], 'egress-selector-config-file /none/egress.yaml does not exist'],
    [[etcd, '--service-account-jwks-uri=keys'], 'service-account-jwks-uri must be a valid URL'],
    [[etcd, '--service-account-jwks-uri=http://i/keys'], 'service-account-jwks-uri requires https scheme, parsed as: http://i/keys'],
    ...['59m', '1193047h'].map((time): [string[], string] => [
      [etcd, `--service-account-max-token-expiration=${time}`],
      'the service-account-max-token-expiration must be between 1 hour and 2^32 seconds',
    ]),
    [[etcd, '--controllers=serviceaccount-controller,cloud'], '--controllers: "cloud" is not in the list of known controllers'],
    [
      [etcd, ...issuer, '--controllers=*'],
      '--root-ca-file must be specified with --controllers=serviceaccount-token-controller,root-ca-certificate-publisher-controller',
    ],
    [
      [etcd, '--controllers=serviceaccount-token-controller', '--root-ca-file=ca'],
      '--service-account-signing-key-file must be specified with --controllers=serviceaccount-token-controller',
    ],
    [[etcd, '--max-requests-inflight=-1'], '--max-requests-inflight can not be negative value'],
    [
      [etcd, '--max-requests-inflight=0', '--max-mutating-requests-inflight=0'],
      'invalid configuration: MaxRequestsInFlight=0 and MaxMutatingRequestsInFlight=0; they must add up to something positive',
    ],
    [[etcd, '--apiserver-count=0'], "--apiserver-count should be a positive number, but value '0' provided"],
    [
      [etcd, '--show-hidden-metrics-for-version=1.34'],
      "--show-hidden-metrics-for-version must be omitted or have the value '1.33'. Only the previous minor version is allowed",
    ],
    [
      [etcd, '--service-cluster-ip-range=10.0.0.0/30'],
      '--service-cluster-ip-range: error determining service IP ranges for primary service cidr: the service cluster IP range must be at least 8 IP addresses',
    ],
    [[etcd, '--goaway-chance=0.1'], '--goaway-chance can not be less than 0 or greater than 0.02'],
    [[etcd, '--service-cluster-ip-range=10.0.0.0'], 'service-cluster-ip-range[0] is not a valid cidr'],
    [[etcd, '--service-cluster-ip-range=10.0.0.0/24,x'], 'service-cluster-ip-range[1] is not an ip net'],
    [
      [etcd, '--service-cluster-ip-range=10.0.0.0/8'],
      'specified --service-cluster-ip-range is too large; for 32-bit addresses, the mask must be >= 12',
    ],
    [
      [etcd, '--service-cluster-ip-range=10.0.0.0/16,10.1.0.0/16'],
      '--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family',
    ],
    [
      [etcd, '--service-dial-override=web=127.0.0.1:1'],
      '--service-dial-override: "web=127.0.0.1:1" is not of the form namespace/name[:port]=host:port[|host:port]',
    ],
    [
      [etcd, '--service-dial-override=shop/web'],
      '--service-dial-override: "shop/web=" is not of the form namespace/name[:port]=host:port[|host:port]',
    ],
    [[etcd, '--service-node-port-range=0-10'], '--service-node-port-range must start at 1 or above'],
    [
      [etcd, '--admission-control=Priority,Nothing', '--disable-admission-plugins=Priority,None'],
      [
        'admission-control and enable-admission-plugins/disable-admission-plugins flags are mutually exclusive',
        'admission-control plugin "Nothing" is unknown',
        'disable-admission-plugins plugin "None" is unknown',
      ].join('\n'),
    ],
    [[etcd, '--enable-admission-plugins=Nothing'], 'enable-admission-plugins plugin "Nothing" is unknown'],
    [
      [etcd, '--enable-admission-plugins=Priority', '--disable-admission-plugins=Priority'],
      '[Priority] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
  ])('refuses %j', (args, message) => {
    expect(() => optionsOf(...args)).toThrow(new FlagError(message));
  });

  it('says everything that is wrong at once', () => {
    expect(() => optionsOf('--goaway-chance=1', '--secure-port=0')).toThrow(
      '--etcd-servers must be specified\n--secure-port 0 must be between 1 and 65535, inclusive. It cannot be turned off with 0\n--goaway-chance can not be less than 0 or greater than 0.02',
    );
  });
});
