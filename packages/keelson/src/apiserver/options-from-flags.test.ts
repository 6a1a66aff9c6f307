import { describe, expect, it } from 'vitest';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import { FlagError } from '../flags/flag-error.js';
import { parseFlags } from '../flags/parse-flags.js';
import type { ApiServerOptions } from './options.js';
import { optionsFromFlags } from './options-from-flags.js';

const etcd = '--etcd-servers=https://127.0.0.1:2379';
const issuer = ['--service-account-issuer=https://i', '--service-account-signing-key-file=k', '--service-account-key-file=p'];
const external = ['--service-account-issuer=https://i', '--service-account-signing-endpoint=@signers.token-signer'];
const optionsOf = (...args: string[]): ApiServerOptions => optionsFromFlags(parseFlags(apiServerFlags, args));

describe('optionsFromFlags', () => {
  it("has kube-apiserver's defaults", () => {
    const options = optionsOf(etcd);
    expect(options).toMatchObject({
      storage: {
        backend: 'etcd3',
        servers: ['https://127.0.0.1:2379'],
        caFile: undefined,
        client: undefined,
        readyCheckTimeoutMs: 2000,
        leaseReuseSeconds: 60,
      },
      storagePolicy: {
        prefix: '/registry',
        compactionIntervalMs: 300_000,
        eventTtlMs: 3_600_000,
        versions: [],
      },
      serving: {
        bindAddress: '0.0.0.0',
        port: 6443,
        advertiseAddress: undefined,
        certificate: { certFile: '/var/run/kubernetes/apiserver.crt', keyFile: '/var/run/kubernetes/apiserver.key' },
        generateCertificate: true,
        tlsMinVersion: 'TLSv1.2',
        http2: true,
        http2MaxStreamsPerConnection: 250,
      },
      authorization: { modes: ['AlwaysAllow'] },
      limits: {
        maxRequestsInFlight: 400,
        maxMutatingRequestsInFlight: 200,
        priorityAndFairness: true,
        requestTimeoutMs: 60_000,
        minRequestTimeoutSeconds: 1800,
        goawayChance: 0,
      },
      shutdown: { delayMs: 0, sendRetryAfter: false },
      services: { clusterIpRanges: ['10.0.0.0/24'], nodePortRange: { first: 30_000, last: 32_767 } },
      logging: { format: 'text', verbosity: 0 },
      debugging: { profiling: true, logFiles: false },
    });
    expect(options.admission.plugins).toHaveLength(22);
    expect(options.features.get('WatchList')).toBe(true);
  });

  it('needs no seats where requests do not wait for any', () => {
    const none = ['--max-requests-inflight=0', '--max-mutating-requests-inflight=0'];
    expect(optionsOf(etcd, '--enable-priority-and-fairness=false', ...none).limits).toMatchObject({
      priorityAndFairness: false,
      maxRequestsInFlight: 0,
    });
    expect(() => optionsOf(etcd, '--max-requests-inflight=0')).not.toThrow();
  });

  it('starts from the flags of a static pod manifest', () => {
    const options = optionsOf(
      '--advertise-address=192.168.0.10',
      '--allow-privileged=true',
      '--client-ca-file=/etc/kubernetes/pki/ca.crt',
      '--enable-bootstrap-token-auth=true',
      '--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt',
      '--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt',
      '--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key',
      etcd,
      '--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt',
      '--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key',
      '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
      '--proxy-client-cert-file=/etc/kubernetes/pki/front-proxy-client.crt',
      '--proxy-client-key-file=/etc/kubernetes/pki/front-proxy-client.key',
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-username-headers=X-Remote-User',
      '--secure-port=6443',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      '--service-account-key-file=/etc/kubernetes/pki/sa.pub',
      '--service-account-signing-key-file=/etc/kubernetes/pki/sa.key',
      '--service-cluster-ip-range=10.96.0.0/12',
      '--tls-cert-file=/etc/kubernetes/pki/apiserver.crt',
      '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key',
    );
    expect(options.storage).toMatchObject({ client: { certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt' } });
    expect(options.serving).toMatchObject({ advertiseAddress: '192.168.0.10', generateCertificate: false });
    expect(options.authentication).toEqual({
      anonymous: false,
      anonymousGiven: false,
      configurationFile: undefined,
      oidc: undefined,
      bootstrapTokens: true,
      clientCaFile: '/etc/kubernetes/pki/ca.crt',
      tokenAuthFile: undefined,
      basicAuthFile: undefined,
      tokenWebhook: undefined,
      requestHeader: {
        clientCaFile: '/etc/kubernetes/pki/front-proxy-ca.crt',
        allowedNames: ['front-proxy-client'],
        usernameHeaders: ['X-Remote-User'],
        uidHeaders: [],
        groupHeaders: ['X-Remote-Group'],
        extraHeaderPrefixes: ['X-Remote-Extra-'],
      },
      serviceAccount: {
        issuers: ['https://kubernetes.default.svc.cluster.local'],
        keyFiles: ['/etc/kubernetes/pki/sa.pub'],
        signingKeyFile: '/etc/kubernetes/pki/sa.key',
        signingEndpoint: undefined,
        jwksUri: undefined,
        lookup: true,
        extendTokenExpiration: true,
        maxTokenExpirationMs: 0,
      },
      apiAudiences: ['https://kubernetes.default.svc.cluster.local'],
    });
    expect(options.admission.allowPrivileged).toBe(true);
  });

  it('takes every issuer for an audience, unless audiences are given', () => {
    const earlier = '--service-account-issuer=https://earlier';
    expect(optionsOf(etcd, ...issuer, earlier).authentication.apiAudiences).toEqual(['https://i', 'https://earlier']);
    expect(optionsOf(etcd, ...issuer, earlier, '--api-audiences=a,b').authentication.apiAudiences).toEqual(['a', 'b']);
    expect(optionsOf(etcd).authentication.apiAudiences).toEqual([]);
  });

  it('lets who coordinates elections lead no longer than its lease lasts', () => {
    const flag = (end: string, time: string) => `--coordinated-leadership-${end}=${time}`;
    const given = optionsOf(etcd, flag('lease-duration', '6s'), flag('renew-deadline', '4s'), flag('retry-period', '1s'));
    expect(given.controllers.leadership).toEqual({ leaseMs: 6_000, renewDeadlineMs: 4_000, retryMs: 1_000 });
    expect(() => optionsOf(etcd, flag('renew-deadline', '15s'), flag('retry-period', '15s'))).toThrow(
      [
        '--coordinated-leadership-lease-duration must be greater than --coordinated-leadership-renew-deadline',
        '--coordinated-leadership-renew-deadline must be greater than --coordinated-leadership-retry-period',
      ].join('\n'),
    );
  });

  it('runs the controllers that it is told to, and none by itself', () => {
    const leadership = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };
    expect(optionsOf(etcd).controllers).toEqual({ names: [], rootCaFile: undefined, leadership });
    expect(optionsOf(etcd, '--controllers=serviceaccount-controller').controllers.names).toEqual(['serviceaccount-controller']);
    expect(optionsOf(etcd, ...issuer, '--controllers=*', '--root-ca-file=ca').controllers).toEqual({
      names: [
        'serviceaccount-token-controller',
        'serviceaccount-controller',
        'root-ca-certificate-publisher-controller',
        'resourcequota-controller',
        'clusterrole-aggregation-controller',
        'validatingadmissionpolicy-status-controller',
      ],
      rootCaFile: 'ca',
      leadership,
    });
  });

  it('reads the embedded store', () => {
    expect(optionsOf('--storage-backend=embedded', '--data-dir=/var/lib/keelson').storage).toEqual({
      backend: 'embedded',
      dataDir: '/var/lib/keelson',
    });
  });

  it('orders admission plugins as they run', () => {
    const { plugins } = optionsOf(
      etcd,
      '--enable-admission-plugins=NodeRestriction,LimitRanger,AlwaysPullImages',
      '--disable-admission-plugins=ServiceAccount',
    ).admission;
    expect(plugins.slice(0, 5)).toEqual([
      'NamespaceLifecycle',
      'LimitRanger',
      'NodeRestriction',
      'TaintNodesByCondition',
      'AlwaysPullImages',
    ]);
  });

  it('runs the plugins of the old flag and no others, in their order', () => {
    const { plugins } = optionsOf(etcd, '--admission-control=Priority,AlwaysAdmit,NamespaceLifecycle').admission;
    expect(plugins).toEqual(['AlwaysAdmit', 'NamespaceLifecycle', 'Priority']);
    expect(optionsOf(etcd, '--admission-control=').admission.plugins).toEqual([]);
  });

  it('hands on what plugins are configured by', () => {
    const { configurationFile, tolerationSeconds } = optionsOf(
      etcd,
      '--admission-control-config-file=/etc/admission.yaml',
      '--default-not-ready-toleration-seconds=60',
    ).admission;
    expect([configurationFile, tolerationSeconds]).toEqual(['/etc/admission.yaml', { notReady: 60, unreachable: 300 }]);
    expect(optionsOf(etcd).admission.configurationFile).toBeUndefined();
  });

  it('sends connections to services elsewhere where it is told to', () => {
    const overrides = '--service-dial-override=shop/web=127.0.0.1:8443|127.0.0.1:8444,shop/api:443=[::1]:9443';
    expect(optionsOf(etcd, overrides).services.dialOverrides).toEqual(
      new Map([
        [
          'shop/web',
          [
            { host: '127.0.0.1', port: 8443 },
            { host: '127.0.0.1', port: 8444 },
          ],
        ],
        ['shop/api:443', [{ host: '::1', port: 9443 }]],
      ]),
    );
  });

  it('lets a file list the authorizers', () => {
    const { authorization, authentication } = optionsOf(etcd, '--authorization-config=/etc/authorizers.yaml', '--anonymous-auth');
    expect(authorization).toEqual({
      configurationFile: '/etc/authorizers.yaml',
      modes: [],
      policyFile: undefined,
      webhook: undefined,
    });
    expect(authentication.anonymous).toBe(true);
  });

  it('reads how a webhook is asked', () => {
    const options = optionsOf(
      etcd,
      '--authorization-mode=Node,Webhook',
      '--authorization-webhook-config-file=/etc/webhook',
      '--authorization-webhook-version=v1',
      '--authorization-webhook-cache-authorized-ttl=1m',
      '--authorization-webhook-cache-unauthorized-ttl=0',
    );
    expect(options.authorization).toMatchObject({
      modes: ['Node', 'Webhook'],
      webhook: { kubeConfigFile: '/etc/webhook', reviewVersion: 'v1', authorizedTtlMs: 60_000, unauthorizedTtlMs: 0 },
    });
  });

  it('translates cipher suites and keeps those of TLS 1.3', () => {
    const { tlsCiphers } = optionsOf(
      etcd,
      '--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,TLS_RSA_WITH_AES_128_GCM_SHA256',
    ).serving;
    expect(tlsCiphers).toBe(
      'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256',
    );
  });

  it('offers the cipher suites of kube-apiserver when none are named', () => {
    expect(optionsOf(etcd).serving.tlsCiphers).toBe(
      'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:' +
        'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:' +
        'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:' +
        'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA',
    );
  });

  it('normalizes the key prefix', () => {
    expect(optionsOf(etcd, '--etcd-prefix=kubernetes/').storagePolicy.prefix).toBe('/kubernetes');
  });

  it('advertises an address others can reach only', () => {
    expect(optionsOf(etcd, '--bind-address=127.0.0.1').serving.advertiseAddress).toBeUndefined();
    expect(optionsOf(etcd, '--bind-address=::').serving.advertiseAddress).toBeUndefined();
    expect(optionsOf(etcd, '--bind-address=10.0.0.7').serving.advertiseAddress).toBe('10.0.0.7');
  });

  it('is frozen through and through', () => {
    const options = optionsOf(etcd);
    expect([options, options.serving, options.services.clusterIpRanges].every(Object.isFrozen)).toBe(true);
  });

  it.each<[string[], string]>([
    [[], '--etcd-servers must be specified'],
    [['--etcd-servers=nowhere:2379'], '--etcd-servers: "nowhere:2379" is not an http or https URL'],
    [[etcd, '--etcd-certfile=a'], '--etcd-keyfile must be specified with --etcd-certfile'],
    [[etcd, '--data-dir=x'], '--data-dir needs --storage-backend=embedded'],
    [['--storage-backend=embedded'], '--storage-backend=embedded needs --data-dir'],
    [
      [etcd, '--storage-media-type=text/plain'],
      '--storage-media-type "text/plain" invalid, allowed values: application/json, application/vnd.kubernetes.protobuf, application/yaml',
    ],
    [[etcd, '--lease-reuse-duration-seconds=-1'], '--lease-reuse-duration-seconds can not be negative value'],
    [[etcd, '--livez-grace-period=-1s'], '--livez-grace-period can not be negative value'],
    [
      [etcd, '--endpoint-reconciler-type=master-count'],
      '--endpoint-reconciler-type=master-count is not supported: available are lease, none',
    ],
    [[etcd, '--event-ttl=0'], '--event-ttl must be greater than 0'],
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
    [[etcd, '--tls-private-key-file=k'], '--tls-cert-file must be specified with --tls-private-key-file'],
    [
      [etcd, '--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA'],
      "--tls-cipher-suites: Cipher suite TLS_RSA_WITH_RC4_128_SHA not supported or doesn't exist",
    ],
    [[etcd, '--advertise-address=here'], '--advertise-address: failed to parse IP: "here"'],
    [[etcd, '--cors-allowed-origins=('], '--cors-allowed-origins has an invalid regular expression: ('],
    [
      [etcd, '--strict-transport-security-directives=always'],
      '--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload; got "always"',
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
    [[etcd, ...issuer.slice(0, 2)], '--service-account-key-file must be specified with --service-account-signing-key-file'],
    ...['--service-account-issuer=https://i', '--service-account-signing-key-file=k', '--api-audiences=a'].map(
      (flag): [string[], string] => [
        [etcd, flag, '--service-account-key-file=p'],
        '--service-account-signing-key-file, --service-account-issuer, and --api-audiences should be specified together',
      ],
    ),
    [[etcd, ...issuer, '--service-account-issuer=://x'], `--service-account-issuer "://x" contained a ':' but was not a valid URL`],
    [[etcd, ...issuer, '--service-account-issuer=https://i'], '--service-account-issuer has the same value more than once'],
    [[etcd, ...issuer, '--service-account-issuer='], '--service-account-issuer must not be an empty string'],
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
    [[etcd, '--service-account-jwks-uri=keys'], '--service-account-jwks-uri must be a valid URL'],
    [[etcd, '--service-account-jwks-uri=http://i/keys'], '--service-account-jwks-uri requires https scheme, parsed as: http://i/keys'],
    ...['59m', '1193047h'].map((time): [string[], string] => [
      [etcd, `--service-account-max-token-expiration=${time}`],
      '--service-account-max-token-expiration must be between 1 hour and 2^32 seconds',
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
    [[etcd, '--goaway-chance=0.1'], '--goaway-chance can not be less than 0 or greater than 0.02'],
    [[etcd, '--service-cluster-ip-range=10.0.0.0'], '--service-cluster-ip-range: "10.0.0.0" is not a valid CIDR'],
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
