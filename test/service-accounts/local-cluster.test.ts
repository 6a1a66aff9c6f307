import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsGet } from '../support/https-get.js';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';

const [program] = kubectlPrograms();
const masters = 3;

/** Nothing runs beside the API servers of a local cluster: they do what pods need of a controller manager. */
describe.runIf(program !== undefined)('service accounts on three masters', () => {
  let server: RunningKeelson;
  let kubectl: Kubectl;

  beforeAll(async () => {
    server = await startCluster({ masters });
    if (program !== undefined) kubectl = new Kubectl(program, server);
  });
  afterAll(() => server?.stop());

  const nameOf = (path: string) => kubectl.ok(['get', path, '--output=jsonpath={.metadata.name}']);

  it('are there for pods of a namespace that was made just now', async () => {
    await kubectl.ok(['create', 'namespace', 'fresh']);
    const fresh = kubectl.in('fresh');
    await fresh.ok(['run', 'web', '--image=nginx']);
    const names = '{.spec.serviceAccountName} {.spec.volumes[0].projected.sources[1].configMap.name}';
    expect(await fresh.ok(['get', 'pod', 'web', `--output=jsonpath=${names}`])).toBe('default kube-root-ca.crt');
    const authority = async () => fresh.ok(['get', 'configmap', 'kube-root-ca.crt', '--output=jsonpath={.data.ca\\.crt}']);
    await expect.poll(authority).toBe(server.ca);
  });

  it('come back', async () => {
    await kubectl.ok(['delete', 'serviceaccount', 'default']);
    await expect.poll(() => nameOf('serviceaccount/default').catch(() => undefined)).toBe('default');
  });

  it('are known on every master, whichever issued the token', async () => {
    const port = Number(new URL(server.url).port);
    const replicas = Array.from({ length: masters }, (_, index) => `https://127.0.0.1:${port + 1 + index}`);
    for (const replica of replicas) {
      const token = (await kubectl.ok(['create', 'token', 'default', '--server', replica])).trim();
      const codes = replicas.map(async (other) => (await httpsGet(`${other}/api`, server.ca, token))?.code);
      expect(await Promise.all(codes)).toEqual([200, 200, 200]);
    }
  });

  it('have a token that lasts in a secret that asks for one', async () => {
    await kubectl.ok(['create', 'serviceaccount', 'robot']);
    const annotations = { 'kubernetes.io/service-account.name': 'robot' };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'robot', annotations },
      type: 'kubernetes.io/service-account-token',
    };
    await kubectl.ok(['create', '--filename=-'], { input: secret });
    const read = (path: string) => kubectl.ok(['get', 'secret', 'robot', `--output=jsonpath={${path}}`]);
    await expect.poll(() => read('.data.token')).not.toBe('');
    const decoded = async (key: string) => Buffer.from(await read(`.data.${key}`), 'base64').toString();
    expect([await decoded('namespace'), await decoded('ca\\.crt')]).toEqual(['default', server.ca]);
    const token = await decoded('token');
    const identity = await kubectl.json<{ status: { userInfo: { username: string } } }>(['auth', 'whoami', '--token', token]);
    expect(identity.status.userInfo.username).toBe('system:serviceaccount:default:robot');
    await expect.poll(() => read('.metadata.labels.kubernetes\\.io/legacy-token-last-used')).toMatch(/^20\d\d-\d\d-\d\d$/);
    await kubectl.ok(['delete', 'serviceaccount', 'robot']);
    await expect.poll(() => nameOf('secret/robot').catch(() => 'gone')).toBe('gone');
  });
});
