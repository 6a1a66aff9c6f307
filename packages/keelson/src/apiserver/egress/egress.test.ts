import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE, WebhookServer } from '@keelson/admission/testing';
import { ExtensionServer } from '@keelson/aggregator/testing';
import { HttpsServer, OidcIssuer, ReviewWebhook } from '@keelson/auth/testing';
import { KonnectivityProxy } from '@keelson/grpc/testing';
import type { Json, KubeObject } from '@keelson/machinery';
import { ConnectProxyServer } from '@keelson/machinery/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { TestApiServer } from '../testing/test-api-server.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'egress-'));
  ends.push(() => rm(dir, { recursive: true }));
  return dir;
}

const overSocket = (proxyProtocol: string, udsName: string) => ({ proxyProtocol, transport: { uds: { udsName } } });

function configurationOf(connections: Readonly<Record<string, object>>): string {
  const egressSelections = Object.entries(connections).map(([name, connection]) => ({ name, connection }));
  return JSON.stringify({ apiVersion: 'apiserver.k8s.io/v1beta1', kind: 'EgressSelectorConfiguration', egressSelections });
}

/** Everything of a cluster that has only addresses which no route leads to. */
async function cluster(answer: RequestListener) {
  const plain = createServer(answer);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const secure = await HttpsServer.start(answer);
  const extension = await ExtensionServer.start({ group: 'gadgets.example.com' });
  const webhook = await WebhookServer.start();
  ends.push(
    () => void plain.close().closeAllConnections(),
    () => secure.stop(),
    () => extension.kill(),
    () => webhook.close(),
  );
  return { plain: (plain.address() as AddressInfo).port, secure: Number(new URL(secure.url).port), extension, webhook };
}

async function start(flags: readonly string[], files: Readonly<Record<string, string>>) {
  const server = await TestApiServer.start(['--egress-selector-config-file={dir}/egress.json', ...flags], files);
  ends.push(() => server.stop());
  const ask = (path: string, body?: object, token = 'admin') =>
    server.ask(path, { headers: { authorization: `Bearer ${token}` }, ...(body && { body: body as Json }) });
  const make = async (path: string, body: object) => {
    const { code, body: made } = await ask(path, body);
    expect([code, made]).toEqual([201, made]);
    return made as unknown as KubeObject & { readonly spec: { readonly clusterIP: string } };
  };
  /** Has a webhook look at config maps, and waits until it is asked. */
  const untilAsked = async (webhook: WebhookServer, clientConfig: object) => {
    await make('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      metadata: { name: 'checks' },
      webhooks: [
        {
          name: 'checks.example.com',
          clientConfig,
          rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['*'], resources: ['configmaps'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    await expect
      .poll(async () => {
        await ask('/api/v1/namespaces/default/configmaps', { metadata: { generateName: 'a' } });
        return webhook.reviews.length;
      })
      .toBeGreaterThan(0);
  };
  return { server, ask, make, untilAsked };
}

describe('connections into the cluster', () => {
  it.each(['GRPC', 'HTTPConnect'])(
    'go through the proxy that is configured for them: %s',
    async (protocol) => {
      const dir = await directory();
      const inside = await cluster((request, response) => response.end(`${request.method} ${request.url}`));
      const ports = new Map([
        ['10.200.0.1:10250', inside.secure],
        ['10.200.0.2:80', inside.plain],
        ['10.200.0.2:443', inside.secure],
      ]);
      const dialled: string[] = [];
      const portOf = (address: string) => {
        dialled.push(address);
        return ports.get(address);
      };
      const socket = join(dir, 'proxy.sock');
      if (protocol === 'GRPC') {
        const proxy = new KonnectivityProxy((address) => {
          const port = portOf(address);
          return port === undefined ? undefined : { host: '127.0.0.1', port };
        });
        await proxy.listen(socket);
        ends.push(() => proxy.stop());
      } else {
        const proxy = new ConnectProxyServer(portOf);
        await proxy.startAt(socket);
        ends.push(() => proxy.stop());
      }
      const { server, ask, make, untilAsked } = await start(['--disable-admission-plugins=ServiceAccount'], {
        'egress.json': configurationOf({ cluster: overSocket(protocol, socket) }),
      });
      // Nodes and pods.
      const address = { type: 'InternalIP', address: '10.200.0.1' };
      await make('/api/v1/nodes', { metadata: { name: 'n1' }, status: { addresses: [address] } });
      const pods = '/api/v1/namespaces/default/pods';
      const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] };
      await make(pods, { metadata: { name: 'web' }, spec });
      const status = { podIPs: [{ ip: '10.200.0.2' }], podIP: '10.200.0.2' };
      const patch = { method: 'PATCH', headers: { authorization: 'Bearer admin', 'content-type': 'application/merge-patch+json' } };
      expect((await server.ask(`${pods}/web/status`, { ...patch, body: { status } })).code).toBe(200);
      expect((await ask('/api/v1/nodes/n1/proxy/pods')).body).toBe('GET /pods');
      expect((await ask(`${pods}/web/log`)).body).toBe('GET /containerLogs/default/web/c');
      expect((await ask(`${pods}/web:80/proxy/index`)).body).toBe('GET /index');
      expect((await ask(`${pods}/https:web:443/proxy/index`)).body).toBe('GET /index');
      // Extension servers and webhooks, by the address of their service.
      const serviceOf = async (namespace: string, name: string, port: number) => {
        const path = `/api/v1/namespaces/${namespace}/services`;
        const made = await make(path, { metadata: { name }, spec: { ports: [{ port: 443 }] } });
        ports.set(`${made.spec.clusterIP}:443`, port);
        await make(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
          metadata: { name, labels: { 'kubernetes.io/service-name': name } },
          addressType: 'IPv4',
          endpoints: [{ addresses: ['10.200.0.9'] }],
          ports: [{ port: 443, name: '' }],
        });
        return made.spec.clusterIP;
      };
      const extensionAddress = await serviceOf('default', 'gadgets', inside.extension.port);
      await make('/apis/apiregistration.k8s.io/v1/apiservices', inside.extension.apiService());
      const gadgets = '/apis/gadgets.example.com/v1/namespaces/default/gadgets';
      await expect.poll(async () => (await ask(gadgets)).code, { timeout: 20_000 }).toBe(200);
      expect(inside.extension.last(gadgets)?.httpVersion).toBe('2.0');
      await make('/api/v1/namespaces', { metadata: { name: SERVICE.namespace } });
      const webhookAddress = await serviceOf(SERVICE.namespace, SERVICE.name, inside.webhook.port);
      await untilAsked(inside.webhook, { service: SERVICE, caBundle: inside.webhook.caBundle });
      expect(new Set(dialled)).toEqual(new Set([...ports.keys(), `${extensionAddress}:443`, `${webhookAddress}:443`]));
      const labels = protocol === 'GRPC' ? 'protocol="grpc",transport="uds"' : 'protocol="http_connect",transport="uds"';
      const metrics = String((await ask('/metrics')).body);
      expect(metrics).toContain(`apiserver_egress_dialer_dial_start_total{${labels}} ${dialled.length}\n`);
    },
    180_000,
  );

  it('are not made when the proxy refuses them or is not there', async () => {
    const dir = await directory();
    const proxy = new ConnectProxyServer(() => undefined);
    await proxy.startAt(join(dir, 'proxy.sock'));
    ends.push(() => proxy.stop());
    const { ask, make } = await start([], {
      'egress.json': configurationOf({ Cluster: overSocket('HTTPConnect', join(dir, 'proxy.sock')) }),
    });
    await make('/api/v1/nodes', { metadata: { name: 'n1' }, status: { addresses: [{ type: 'InternalIP', address: '10.200.0.1' }] } });
    const message = async () => (await ask('/api/v1/nodes/n1/proxy/pods')).body as { readonly code: number; readonly message: string };
    expect(await message()).toMatchObject({
      code: 503,
      message: `error trying to reach service: proxy error from ${dir}/proxy.sock while dialing 10.200.0.1:10250, code 403: 403 Forbidden`,
    });
    proxy.stop();
    expect((await message()).message).toBe(
      `error trying to reach service: dial unix ${dir}/proxy.sock: connect: no such file or directory`,
    );
    const metrics = String((await ask('/metrics')).body).split('\n');
    const failures = 'apiserver_egress_dialer_dial_failure_count{protocol="http_connect",transport="uds",stage=';
    expect(metrics.filter((line) => line.startsWith(failures))).toEqual([`${failures}"proxy"} 1`, `${failures}"connect"} 1`]);
  });
});

describe('connections within the control plane', () => {
  it('go through a proxy that they and it know each other by, those into the cluster straight', async () => {
    const dir = await directory();
    const inside = await cluster((_, response) => response.end('straight'));
    const review = await ReviewWebhook.start(({ kind, spec }) => {
      if (kind === 'TokenReview') return { authenticated: spec.token === 'known', user: { username: 'alice' } };
      return { allowed: true };
    });
    const issuer = await OidcIssuer.start();
    ends.push(
      () => review.close(),
      () => issuer.stop(),
    );
    const proxy = new ConnectProxyServer((authority) => Number(authority.split(':')[1]));
    await proxy.startAt(join(dir, 'proxy.sock'));
    ends.push(() => proxy.stop());
    const jwt = {
      issuer: { url: issuer.url, audiences: ['api'], certificateAuthority: issuer.authority.cert, egressSelectorType: 'controlplane' },
      claimMappings: { username: { claim: 'sub', prefix: 'oidc:' } },
    };
    const { server, ask, untilAsked } = await start(
      [
        '--authorization-mode=Webhook,RBAC',
        '--authorization-webhook-config-file={dir}/review.json',
        '--authentication-token-webhook-config-file={dir}/review.json',
        '--authentication-token-webhook-version=v1',
        '--authorization-webhook-version=v1',
        '--audit-webhook-config-file={dir}/review.json',
        '--audit-webhook-mode=blocking',
        '--audit-policy-file={dir}/policy.json',
        '--authentication-config={dir}/authentication.json',
      ],
      {
        // As it was called before v1.20.
        'egress.json': configurationOf({
          master: overSocket('HTTPConnect', join(dir, 'proxy.sock')),
          cluster: { proxyProtocol: 'Direct' },
        }),
        'review.json': review.kubeconfig,
        'policy.json': JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata', users: ['alice'] }] }),
        'authentication.json': JSON.stringify({
          apiVersion: 'apiserver.config.k8s.io/v1',
          kind: 'AuthenticationConfiguration',
          jwt: [jwt],
        }),
      },
    );
    expect((await ask('/api/v1/namespaces/default/configmaps', undefined, 'known')).code).toBe(200);
    const kinds = new Set(review.received.map(({ review: { kind } }) => kind));
    expect(kinds).toEqual(new Set(['TokenReview', 'SubjectAccessReview', 'EventList']));
    const authority = new URL(review.url).host;
    expect(proxy.authorities).toContain(authority);
    const token = await issuer.token({ sub: 'bob', aud: 'api' });
    await expect
      .poll(() => server.whoAmI({ headers: { authorization: `Bearer ${token}` } }), { timeout: 20_000 })
      .toMatchObject({ username: 'oidc:bob' });
    expect(new Set(proxy.authorities)).toEqual(new Set([authority, new URL(issuer.url).host]));
    await untilAsked(inside.webhook, inside.webhook.clientConfig);
    expect(proxy.authorities).toContain(new URL(inside.webhook.url).host);
  });

  it.each([
    [{}, 'oidc: egress lookup for "cluster" is not configured'],
    [undefined, 'oidc: egress lookup required with egress selector type "cluster"'],
  ])('must be configured for issuers that want them: %j', async (connections, problem) => {
    const issuer = { url: 'https://issuer.example', audiences: ['api'], egressSelectorType: 'cluster' };
    const jwt = [{ issuer, claimMappings: { username: { claim: 'sub', prefix: '' } } }];
    const files = {
      'egress.json': configurationOf(connections ?? {}),
      'jwt.json': JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt }),
    };
    const flags = connections === undefined ? [] : ['--egress-selector-config-file={dir}/egress.json'];
    await expect(TestApiServer.start([...flags, '--authentication-config={dir}/jwt.json'], files)).rejects.toThrow(problem);
  });
});
