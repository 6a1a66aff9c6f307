import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitManagedFields: true,
  rules: [
    { level: 'None', nonResourceURLs: ['/*'] },
    { level: 'Metadata', resources: [{ group: '', resources: ['secrets'] }] },
    { level: 'RequestResponse', omitStages: ['RequestReceived'] },
  ],
};

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username?: string };
  readonly [member: string]: unknown;
}

const admin = { username: 'admin', uid: 'admin-uid', groups: ['system:masters', 'system:authenticated'] };
const allowed = { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' };
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

describe.each(kubectlPrograms())('the audit log of kubectl $version', (program) => {
  let dir: string;
  let server: RunningKeelson;
  let kubectl: Kubectl;
  let read = 0;
  /** Lists that the webhook was sent. */
  const lists: { readonly items: AuditEvent[] }[] = [];
  const hook = createServer(async (req: IncomingMessage, res: ServerResponse) => {
    lists.push(JSON.parse(await text(req)));
    res.end();
  });

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'audit-'));
    await once(hook.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const clusters = [{ name: 'hook', cluster: { server: url } }];
    const kubeconfig = { clusters, contexts: [{ name: 'hook', context: { cluster: 'hook' } }], 'current-context': 'hook' };
    await writeFile(join(dir, 'policy.json'), JSON.stringify(policy));
    await writeFile(join(dir, 'webhook.json'), JSON.stringify(kubeconfig));
    const flags = {
      'audit-policy-file': join(dir, 'policy.json'),
      'audit-log-path': join(dir, 'audit.log'),
      'audit-webhook-config-file': join(dir, 'webhook.json'),
      'audit-webhook-batch-max-wait': '50ms',
    };
    server = await startApiServer({ backend: 'embedded', flags });
    kubectl = new Kubectl(program, server, 'default');
  });
  afterAll(async () => {
    await server?.stop();
    hook.closeAllConnections();
    hook.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Events that a command makes: they are in the file when it ends. */
  async function eventsOf(args: readonly string[], input?: object): Promise<AuditEvent[]> {
    await kubectl.run(args, input && { input });
    return newEvents();
  }

  async function newEvents(): Promise<AuditEvent[]> {
    const lines = (await readFile(join(dir, 'audit.log'), 'utf8')).split('\n').slice(0, -1);
    const events = lines.slice(read).map((line) => JSON.parse(line) as AuditEvent);
    read = lines.length;
    return events;
  }

  const about = (events: readonly AuditEvent[], verb: string) => events.filter((event) => event.verb === verb);

  it('has all of a create', async () => {
    const map = { metadata: { name: 'web', namespace: 'default' }, data: { a: 'b' } };
    const [event] = about(await eventsOf(['create', 'configmap', 'web', '--from-literal=a=b']), 'create');
    expect(event).toEqual({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      stage: 'ResponseComplete',
      requestURI: expect.stringMatching(/^\/api\/v1\/namespaces\/default\/configmaps\?fieldManager=kubectl-create/),
      verb: 'create',
      user: admin,
      sourceIPs: ['127.0.0.1'],
      userAgent: expect.stringMatching(/^kubectl\/v1\./),
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'web', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: { kind: 'ConfigMap', apiVersion: 'v1', ...map, metadata: expect.objectContaining({ name: 'web' }) },
      responseObject: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        ...map,
        metadata: { ...map.metadata, uid: expect.any(String), resourceVersion: expect.any(String), creationTimestamp: expect.any(String) },
      },
      requestReceivedTimestamp: time,
      stageTimestamp: time,
      annotations: allowed,
    });
  });

  it('has patches and applied configurations as they were sent', async () => {
    const [labelled] = about(await eventsOf(['label', 'configmap', 'web', 'k=v']), 'patch');
    expect(labelled).toMatchObject({
      requestObject: { metadata: { labels: { k: 'v' } } },
      responseObject: { metadata: { labels: { k: 'v' } } },
    });
    const configuration = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'default' }, data: { a: 'c' } };
    const applied = about(await eventsOf(['apply', '--server-side', '--force-conflicts', '--filename=-'], configuration), 'patch');
    expect(applied.at(-1)).toMatchObject({ requestObject: configuration, responseObject: { data: { a: 'c' } } });
  });

  it('has deletions with their options', async () => {
    const [event] = about(await eventsOf(['delete', 'configmap', 'web']), 'delete');
    expect(event).toMatchObject({
      requestObject: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal', propagationPolicy: 'Background' },
      responseStatus: { metadata: {}, status: 'Success', details: { name: 'web', kind: 'configmaps' }, code: 200 },
    });
  });

  it('has those whom nobody knows', async () => {
    const [event] = await eventsOf(['get', 'pods', '--token=wrong']);
    expect([event?.stage, event?.user, event?.responseStatus]).toEqual([
      'ResponseStarted',
      {},
      { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
    ]);
  });

  it('has both users of an impersonation that is refused', async () => {
    const [event] = about(await eventsOf(['get', 'pods', '--as=bob', '--as-group=ops']), 'list');
    expect(event).toMatchObject({
      user: admin,
      impersonatedUser: { username: 'bob', groups: ['ops', 'system:authenticated'] },
      responseStatus: { reason: 'Forbidden', code: 403 },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    });
  });

  it('has what admission refuses', async () => {
    const [event] = about(await eventsOf(['create', 'configmap', 'lost', '--namespace=nowhere']), 'create');
    expect(event).toMatchObject({
      objectRef: { namespace: 'nowhere', name: 'lost' },
      requestObject: { metadata: { name: 'lost' } },
      responseStatus: { message: 'namespaces "nowhere" not found', reason: 'NotFound', code: 404 },
    });
  });

  it('has no secrets at the level Metadata', async () => {
    const events = await eventsOf(['create', 'secret', 'generic', 'hidden', '--from-literal=password=c2VjcmV0']);
    expect(about(events, 'create').map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete']);
    expect(JSON.stringify(events)).not.toMatch(/c2VjcmV0|YzJWamNtVjA/);
  });

  it('has the beginning and the end of a watch', async () => {
    const events = about(await eventsOf(['get', 'configmaps', '--watch-only', '--request-timeout=1s']), 'watch');
    // kubectl does not wait for the end of an answer that it breaks off.
    await expect.poll(async () => events.push(...(await newEvents()))).toBe(2);
    expect(events.map(({ stage }) => stage)).toEqual(['ResponseStarted', 'ResponseComplete']);
  });

  it('has what the webhook is sent', async () => {
    const logged = (await readFile(join(dir, 'audit.log'), 'utf8')).split('\n').slice(0, -1);
    const sent = () => lists.flatMap(({ items }) => items);
    await expect.poll(() => sent().length, { timeout: 10_000 }).toBe(logged.length);
    const typeMeta = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
    expect(sent().map((item) => ({ ...typeMeta, ...item }))).toEqual(logged.map((line) => JSON.parse(line)));
  });
});
