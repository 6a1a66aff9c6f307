import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient } from '../golden/api-client.js';
import { adminToken, aliceToken } from '../support/credentials.js';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { FakeKubelet } from './fake-kubelet.js';

const pods = '/api/v1/namespaces/default/pods';
const container = (name: string) => ({ name, image: 'i' });

let server: RunningKeelson;
let kubelet: FakeKubelet;
let kubectl: Kubectl;
let client: ApiClient;

async function ask(method: string, path: string, { body, headers = {}, token = adminToken }: Asked = {}) {
  const answer = await client.send({
    method,
    path,
    headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  });
  return { code: answer.code, text: answer.body.toString(), headers: answer.headers };
}

interface Asked {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

async function message(path: string): Promise<readonly [number, string]> {
  const { code, text } = await ask('GET', path);
  return [code, (JSON.parse(text) as { message: string }).message];
}

async function createPod(name: string, nodeName: string, containers: readonly string[]): Promise<void> {
  const spec = { nodeName, containers: containers.map(container) };
  const { code, text } = await ask('POST', pods, { body: { metadata: { name }, spec } });
  expect([code, text]).toEqual([201, expect.any(String)]);
}

async function createNode(name: string, status: object): Promise<void> {
  expect((await ask('POST', '/api/v1/nodes', { body: { metadata: { name }, status } })).code).toBe(201);
}

beforeAll(async () => {
  server = await startApiServer({
    backend: 'embedded',
    flags: {
      'kubelet-certificate-authority': '{dir}/pki/ca.crt',
      'kubelet-client-certificate': '{dir}/pki/apiserver-kubelet-client.crt',
      'kubelet-client-key': '{dir}/pki/apiserver-kubelet-client.key',
    },
  });
  client = new ApiClient(server, 2);
  kubelet = await FakeKubelet.start(join(server.dir, 'pki'));
  const [program] = kubectlPrograms();
  kubectl = new Kubectl(program as NonNullable<typeof program>, server);
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  await createNode('here', { addresses, daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } });
  await createNode('away', { addresses, daemonEndpoints: { kubeletEndpoint: { Port: 1 } } });
  await createNode('named', { addresses: [{ type: 'Hostname', address: 'localhost' }] });
  await createNode('nameless', { addresses: [{ type: 'Hostname', address: 'nameless.invalid' }] });
  await createNode('nowhere', { addresses: [{ type: 'Strange', address: '127.0.0.1' }] });
  await createPod('web', 'here', ['app']);
  const running = await ask('PATCH', `${pods}/web/status`, {
    body: { status: { phase: 'Running' } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
  expect(running.code).toBe(200);
  await createPod('pair', 'here', ['one', 'two']);
  await createPod('waiting', '', ['app']);
  await createPod('lost', 'away', ['app']);
  await createPod('unplaced', 'nowhere', ['app']);
  await createPod('bad', 'here', ['broken', 'gone']);
});

afterAll(async () => {
  kubelet?.stop();
  await server?.stop();
});

describe('logs', () => {
  it('are what the kubelet tells, to whom the server shows its certificate', async () => {
    expect(await kubectl.ok(['logs', 'web'])).toBe('first line\nlast line\n');
    expect(kubelet.client).toBe('kube-apiserver-kubelet-client');
    await kubectl.ok(['logs', 'pair', '--container=two', '--tail=5', '--timestamps', '--limit-bytes=99', '--since=10s']);
    expect(kubelet.requests.at(-1)).toBe('GET /containerLogs/default/pair/two?limitBytes=99&sinceSeconds=10&tailLines=5&timestamps=true');
  });

  it('come as they are written', async () => {
    const following = kubectl.start(['logs', '--follow', 'web']);
    const [line] = await Promise.race([
      new Promise<[string]>((resolve) => following.stdout.once('data', (data) => resolve([String(data)]))),
      new Promise<[string]>((resolve) => following.once('close', () => resolve(['(ended)']))),
    ]);
    following.kill();
    expect(line).toBe('first line\n');
  });

  it.each([
    ['binary.k8s.io', (message: Buffer) => message.toString()],
    ['base64.binary.k8s.io', (message: Buffer) => Buffer.from(message.toString(), 'base64').toString()],
    [undefined, (message: Buffer) => message.toString()],
  ])('come over a WebSocket that speaks %s, after an empty message', async (protocol, read) => {
    const socket = new WebSocket(`${server.url.replace('https', 'wss')}${pods}/web/log`, protocol ?? [], {
      ca: server.ca,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const messages: string[] = [];
    socket.on('message', (message: Buffer) => messages.push(read(message)));
    await once(socket, 'close');
    expect([socket.protocol, messages[0], messages.join('')]).toEqual([protocol ?? '', '', 'first line\nlast line\n']);
  });

  it('do not come over a WebSocket that speaks something else', async () => {
    const socket = new WebSocket(`${server.url.replace('https', 'wss')}${pods}/web/log`, 'v4.channel.k8s.io', {
      ca: server.ca,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(answer.statusCode).toBe(403);
    answer.destroy();
  });

  it.each([
    ['pair', '', 400, 'a container name must be specified for pod pair, choose one of: [one two]'],
    ['web', '?container=other', 400, 'container other is not valid for pod web'],
    ['web', '?previous=true', 400, 'previous terminated container "app" not found'],
    ['bad', '?container=broken', 500, 'Internal error occurred: the disk is on fire'],
    ['bad', '?container=gone', 404, 'the server could not find the requested resource ( pods/log bad)'],
    ['absent', '', 404, 'pods "absent" not found'],
    ['web', '?tailLines=-1', 422, 'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['web', '?tailLines=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['web', '?sinceTime=now', 400, 'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"'],
    ['unplaced', '', 500, 'no preferred addresses found; known addresses: [{Strange 127.0.0.1}]'],
    ['lost', '', 500, 'Get "https://127.0.0.1:1/containerLogs/default/lost/app": dial tcp 127.0.0.1:1: connect: connection refused'],
  ])('of %s%s: %i', async (name, query, code, text) => {
    expect(await message(`${pods}/${name}/log${query}`)).toEqual([code, text]);
  });

  it('of a pod without a node are empty', async () => {
    expect(await ask('GET', `${pods}/waiting/log`)).toMatchObject({ code: 204, text: '' });
  });
});

/** Those since 1.31 speak WebSocket, older ones SPDY, as kubelets do. */
describe.each(kubectlPrograms())('a console of kubectl $version', (program) => {
  const kubectl = () => new Kubectl(program, server);

  it('lead to a container', async () => {
    expect(await kubectl().ok(['exec', 'web', '--', 'echo', 'a  b', '&'])).toBe('a  b &\n');
    expect(kubelet.requests.at(-1)).toBe('POST /exec/default/web/app?output=1&error=1&command=echo&command=a++b&command=%26');
    expect(await kubectl().ok(['exec', '--stdin', 'web', '--', 'cat'], { input: 'what is said\n' })).toBe('what is said\n');
  });

  it('tell how a command ended', async () => {
    const { code, stderr } = await kubectl().run(['exec', 'web', '--', 'nothing']);
    expect([code, stderr]).toEqual([127, 'nothing: not found\ncommand terminated with exit code 127\n']);
  });

  it('lead to what runs already', async () => {
    expect(await kubectl().ok(['attach', '--stdin', 'web', '--container=app'], { input: 'what is said\n' })).toContain('what is said\n');
    expect(kubelet.requests.at(-1)).toMatch(/^POST \/attach\/default\/web\/app\?input=1&output=1&error=1$/);
  });

  it('carry whatever is said, however much that is', async () => {
    const much = `${'0123456789'.repeat(200_000)}\n`;
    expect(await kubectl().ok(['exec', '--stdin', 'web', '--', 'cat'], { input: much })).toBe(much);
  });

  it('tell why they cannot be opened', async () => {
    const { code, stderr } = await kubectl().run(['exec', 'web', '--', 'refused']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('unable to upgrade connection: no such container')]);
  });

  it('lead to ports', async () => {
    const forwarding = kubectl().start(['port-forward', 'web', ':80']);
    const lines = createInterface({ input: forwarding.stdout });
    const [first] = (await once(lines, 'line')) as [string];
    const port = Number(/127\.0\.0\.1:(\d+) -> 80$/.exec(first)?.[1]);
    const answers = await Promise.all(['one', 'another'].map((word) => say(port, word)));
    forwarding.kill();
    expect(answers).toEqual(['80:one', '80:another']);
  });
});

/** What comes back on a connection that says a word. */
async function say(port: number, word: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(word);
  return text(socket);
}

describe('a console over a WebSocket', () => {
  /** The channels' messages, in the order in which they came, until it was closed. */
  async function converse(path: string, say: (socket: WebSocket) => void, protocol = 'v5.channel.k8s.io') {
    const socket = new WebSocket(`${server.url.replace('https', 'wss')}${pods}/${path}`, protocol, {
      ca: server.ca,
      headers: { Authorization: `Bearer ${adminToken}` },
    });
    const told: [channel: number, text: string][] = [];
    socket.on('message', (message: Buffer) => told.push([message[0] as number, String(message.subarray(1))]));
    socket.once('open', () => say(socket));
    const [code] = (await once(socket, 'close')) as [number];
    return { told, code, protocol: socket.protocol };
  }

  it('ends with its outcome', async () => {
    const conversation = await converse('web/exec?command=echo&command=hi&stdout=1&stderr=1', () => undefined);
    expect(conversation).toEqual({
      told: [
        [1, ''],
        [1, 'hi\n'],
        [3, '{"metadata":{},"status":"Success"}'],
      ],
      code: 1000,
      protocol: 'v5.channel.k8s.io',
    });
  });

  it('passes on the size of a terminal, and has its own end for its input', async () => {
    const size = '{"Width":80,"Height":24}';
    const sized = await converse('web/exec?command=size&stdout=1&tty=1', (socket) => socket.send(Buffer.from(`\x04${size}`)));
    expect(sized.told.slice(1)).toEqual([
      [1, size],
      [3, '{"metadata":{},"status":"Success"}'],
    ]);
    const read = await converse('web/exec?command=cat&stdin=1&stdout=1', (socket) => {
      socket.send(Buffer.from('\x00some'));
      socket.send(Buffer.of(255, 0));
    });
    expect(read.told.slice(1)).toEqual([
      [1, 'some'],
      [3, '{"metadata":{},"status":"Success"}'],
    ]);
  });

  it('leads to what runs already', async () => {
    const attached = await converse('web/attach?stdin=1&stdout=1&stderr=1', (socket) => {
      socket.send(Buffer.from('\x00some'));
      socket.send(Buffer.of(255, 0));
    });
    expect(kubelet.requests.at(-1)).toBe('POST /attach/default/web/app?input=1&output=1&error=1');
    expect(attached).toEqual({
      told: [
        [1, ''],
        [1, 'some'],
        [3, '{"metadata":{},"status":"Success"}'],
      ],
      code: 1000,
      protocol: 'v5.channel.k8s.io',
    });
    await expect(converse('pair/attach?stdout=1', () => undefined)).rejects.toThrow('Unexpected server response: 400');
  });

  it.each([
    [
      'web/exec?command=nothing&stdout=1',
      '{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit code 127","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"127"}]}}',
    ],
    [
      'web/exec?command=refused',
      '{"metadata":{},"status":"Failure","message":"Internal error occurred: unable to upgrade connection: no such container","reason":"InternalError","details":{"causes":[{"message":"unable to upgrade connection: no such container"}]},"code":500}',
    ],
    [
      'lost/exec?command=echo',
      expect.stringContaining(
        '"message":"Internal error occurred: error sending request: Post \\"https://127.0.0.1:1/exec/default/lost/app?command=echo\\": dial tcp 127.0.0.1:1: connect: connection refused"',
      ),
    ],
  ])('of %s tells what has gone wrong', async (path, outcome) => {
    const { told } = await converse(path, () => undefined);
    expect(told.at(-1)).toEqual([3, outcome]);
  });

  it('tells of a kubelet that leaves in the midst', async () => {
    const path = 'web/exec?command=leave&stdin=1&stdout=1&stderr=1';
    const conversations = await Promise.all(Array.from({ length: 20 }, () => converse(path, () => undefined)));
    for (const { told } of conversations) expect(told.at(-1)).toEqual([3, expect.stringContaining('"status":"Failure"')]);
  });

  it('is closed by a message that makes no sense', async () => {
    const { told, code } = await converse('web/exec?command=cat&stdin=1&stdout=1', (socket) => socket.send(Buffer.of(255, 9)));
    expect([told, code]).toEqual([[[1, '']], 1005]);
  });

  it('may be left at any time', async () => {
    const leave = async (afterMs: number) => {
      const { told } = await converse('web/exec?command=cat&stdin=1&stdout=1&stderr=1', (socket) => {
        socket.send(Buffer.from('\x00some'));
        setTimeout(() => socket.terminate(), afterMs);
      });
      return told.every(([channel]) => channel === 1);
    };
    const left = await Promise.all(Array.from({ length: 40 }, (_, at) => leave(at)));
    expect(new Set(left)).toEqual(new Set([true]));
    expect((await ask('GET', '/livez')).text).toBe('ok');
  });

  it('of an older protocol is the kubelet to speak, which refuses it', async () => {
    const refused = converse('web/exec?command=echo&stdout=1', () => undefined, 'v4.channel.k8s.io');
    await expect(refused).rejects.toThrow('Unexpected server response: 400');
  });
});

describe('consoles', () => {
  it.each([
    ['web', '/exec?command=x', 400, 'Upgrade request required'],
    ['waiting', '/exec?command=x', 400, 'pod waiting does not have a host assigned'],
    ['pair', '/attach', 400, 'a container name must be specified for pod pair, choose one of: [one two]'],
    ['web', '/portforward', 400, 'Upgrade request required'],
    ['web', '/portforward?ports=80,http', 400, 'cannot convert to []int32: strconv.ParseUint: parsing "http": invalid syntax'],
    ['web', '/portforward?ports=65536', 400, 'cannot convert to []int32: strconv.ParseUint: parsing "65536": value out of range'],
    ['absent', '/exec', 404, 'pods "absent" not found'],
  ])('to %s%s: %i', async (name, query, code, text) => {
    expect(await message(`${pods}/${name}${query}`)).toEqual([code, text]);
  });

  it('speak whatever the client and the kubelet speak', async () => {
    const headers = { Authorization: `Bearer ${adminToken}`, Connection: 'Upgrade', Upgrade: 'echo' };
    const asked = request(`${server.url}${pods}/web/attach?stdin=true&tty=1`, { method: 'POST', ca: server.ca, headers }).end();
    const [answer, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Duplex];
    expect([answer.statusCode, answer.headers.upgrade, kubelet.requests.at(-1)]).toEqual([
      101,
      'echo',
      'POST /attach/default/web/app?input=1&tty=1',
    ]);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    socket.destroy();
  });

  it('are not opened when a kubelet is not there, or does not agree', async () => {
    const refused = await kubectl.run(['exec', 'lost', '--', 'echo']);
    expect(refused.stderr).toContain('dial tcp 127.0.0.1:1: connect: connection refused');
  });

  it('are what admission sees of them', async () => {
    const metadata = { name: 'no-shell' };
    const spec = {
      matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }] },
      validations: [{ expression: "object.command[0] != 'sh'", message: 'no shells here' }],
    };
    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    expect((await ask('POST', policies, { body: { metadata, spec } })).code).toBe(201);
    const binding = { metadata, spec: { policyName: 'no-shell', validationActions: ['Deny'] } };
    expect((await ask('POST', `${policies.replace(/ies$/, 'y')}bindings`, { body: binding })).code).toBe(201);
    await expect
      .poll(() => message(`${pods}/web/exec?command=sh`), { timeout: 10_000 })
      .toEqual([
        422,
        "pods \"web\" is forbidden: ValidatingAdmissionPolicy 'no-shell' with binding 'no-shell' denied request: no shells here",
      ]);
    expect(await message(`${pods}/web/exec?command=echo`)).toEqual([400, 'Upgrade request required']);
  });

  it('are for whoever may create them', async () => {
    const { code, text } = await ask('POST', `${pods}/web/exec`, { token: aliceToken });
    expect([code, JSON.parse(text).message]).toEqual([
      403,
      'pods "web" is forbidden: User "alice" cannot create resource "pods/exec" in API group "" in the namespace "default"',
    ]);
  });
});

describe('proxies', () => {
  it.each([
    ['nodes/here:1/proxy/', 400, 'address not allowed'],
    ['nodes/ftp:here:1/proxy/', 400, 'invalid node request "ftp:here:1"'],
    ['nodes/here/proxy/', 400, 'address not allowed'],
    ['nodes/named/proxy/', 400, 'address not allowed'],
    ['nodes/nameless:80/proxy/', 400, 'lookup nameless.invalid: no such host'],
    ['namespaces/default/pods/web/proxy/', 400, 'address not allowed'],
    ['namespaces/default/services/web/proxy/', 404, 'endpoints "web" not found'],
  ])('%s: %i', async (path, code, text) => {
    expect(await message(`/api/v1/${path}`)).toEqual([code, text]);
  });
});
