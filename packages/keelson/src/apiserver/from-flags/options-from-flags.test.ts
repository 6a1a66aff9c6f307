import { describe, expect, it } from 'vitest';
import { etcd, issuer, optionsOf } from './testing/options-of.js';

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
      disabledMetrics: [],
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
});
