import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { waitUntil } from '../support/wait-until.js';
import { ExtensionProcess } from './extension-process.js';

const flunder = (name: string, spec: object, version = 'v1') => ({
  apiVersion: `wardle.example.com/${version}`,
  kind: 'Flunder',
  metadata: { name },
  spec,
});

/** What people do with both samples of the SDK, with kubectl, through a cluster. */
export function describeSamples(start: () => Promise<RunningKeelson>): void {
  let server: RunningKeelson;
  let kubectl: Kubectl;
  let flunders: ExtensionProcess;
  let metrics: ExtensionProcess;

  beforeAll(async () => {
    server = await start();
    kubectl = new Kubectl(kubectlPrograms()[0] as ReturnType<typeof kubectlPrograms>[number], server, 'default');
    [flunders, metrics] = await Promise.all([ExtensionProcess.make('flunder', server), ExtensionProcess.make('metrics', server)]);
    await Promise.all([
      flunders.start(kubectl, 'v1.wardle.example.com', 'v1alpha1.wardle.example.com'),
      metrics.start(kubectl, 'v1.sampled.example.com'),
    ]);
  });
  afterAll(async () => {
    await Promise.all([flunders?.stop(), metrics?.stop()]);
    await server?.stop();
  });

  it('create, apply, get and delete', async () => {
    expect(await kubectl.ok(['create', '--filename=-'], { input: flunder('a', { reference: 'b', size: 3 }) })).toBe(
      'flunder.wardle.example.com/a created\n',
    );
    expect(await kubectl.ok(['apply', '--filename=-'], { input: flunder('b', { size: 2 }) })).toBe(
      'flunder.wardle.example.com/b created\n',
    );
    expect(await kubectl.ok(['apply', '--filename=-'], { input: flunder('b', { size: 4 }) })).toBe(
      'flunder.wardle.example.com/b configured\n',
    );
    expect(await kubectl.ok(['apply', '--server-side', '--filename=-'], { input: flunder('c', { size: 5 }) })).toBe(
      'flunder.wardle.example.com/c serverside-applied\n',
    );
    const { code, stderr } = await kubectl.run(['apply', '--server-side', '--field-manager=other', '--filename=-'], {
      input: flunder('c', { size: 6 }),
    });
    expect([code, stderr.split('\n')[0]]).toEqual([1, 'error: Apply failed with 1 conflict: conflict with "kubectl": .spec.size']);
    const rows = (await kubectl.ok(['get', 'fl', '--no-headers'])).trim().split('\n');
    expect(rows.map((row) => row.split(/\s+/).slice(0, -1))).toEqual([
      ['a', 'Flunder/b', '3', 'false'],
      ['b', '4', 'false'],
      ['c', '5', 'false'],
    ]);
    expect(await kubectl.ok(['get', 'flunders.v1alpha1.wardle.example.com', 'a', '--output=jsonpath={.spec}'])).toBe(
      '{"flunderReference":"b","size":3}',
    );
    expect(await kubectl.ok(['delete', 'fl', 'a', 'b'])).toMatch(/^flunder.wardle.example.com "a" deleted.*\n.*"b" deleted/);
  });

  it('explain, scale, and refuse', async () => {
    expect(await kubectl.ok(['explain', 'flunder.spec.size'])).toMatch(/FIELD: +size <integer>[\s\S]*How large it is\./);
    expect(await kubectl.ok(['scale', 'fl/c', '--replicas=8'])).toBe('flunder.wardle.example.com/c scaled\n');
    expect(await kubectl.ok(['get', 'fl', 'c', '--output=jsonpath={.spec.size}'])).toBe('8');
    const refused = async (spec: object) => (await kubectl.run(['create', '--filename=-'], { input: flunder('x', spec) })).stderr;
    expect(await refused({ size: 11 })).toContain('The Flunder "x" is invalid: spec.reference: Required value: for size > 10');
    expect(await refused({ reference: 'nothing' })).toContain('flunders.wardle.example.com "x" is forbidden: nobody may refer to nothing');
    const nowhere = await kubectl.in('nowhere').run(['create', '--filename=-'], { input: flunder('x', {}) });
    expect(nowhere.stderr).toContain('namespaces "nowhere" not found');
  });

  it('print what is not stored, and watch it', async () => {
    expect((await kubectl.ok(['api-resources', '--api-group=sampled.example.com', '--no-headers'])).split(/\s+/).slice(0, 5)).toEqual([
      'nodes',
      'nm',
      'sampled.example.com/v1',
      'false',
      'NodeMetrics',
    ]);
    const [name, cpu, memory] = (await kubectl.ok(['get', 'nm', '--no-headers'])).split(/\s+/);
    expect([name, cpu, memory]).toEqual([expect.stringMatching(/./), expect.stringMatching(/^\d+m$/), expect.stringMatching(/^\d+Ki$/)]);
    const watch = kubectl.start(['get', 'nm', '--watch', '--no-headers']);
    const [line] = (await once(createInterface({ input: watch.stdout }), 'line')) as [string];
    expect(line.split(/\s+/)[0]).toBe(name);
    watch.kill();
    expect((await kubectl.run(['delete', 'nm', name ?? ''])).stderr).toContain(
      'delete is not supported on resources of kind "nodes.sampled.example.com"',
    );
  });

  it('ask the cluster who may do what', async () => {
    expect(await askAsAlice()).toEqual([
      403,
      'flunders.wardle.example.com is forbidden: User "alice" cannot list resource "flunders" in API group "wardle.example.com" in the namespace "default"',
    ]);
    await kubectl.ok(['create', 'role', 'reader', '--verb=list', '--resource=flunders.wardle.example.com']);
    await kubectl.ok(['create', 'rolebinding', 'reader', '--role=reader', '--user=alice']);
    // What was decided is kept for ten seconds.
    await waitUntil('her right to be known', async () => (await askAsAlice())[0] === 200);
  });

  it('lose their own watches alone when they are killed, and come back', async () => {
    const own = kubectl.start(['get', 'fl', '--watch-only', '--output=name']);
    const other = kubectl.start(['get', 'configmaps', '--watch-only', '--output=name']);
    const [ownEnd, otherLine] = [once(own, 'close'), once(createInterface({ input: other.stdout }), 'line')];
    await kubectl.ok(['apply', '--filename=-'], { input: flunder('watched', {}) });
    await flunders.kill();
    await ownEnd;
    await kubectl.ok(['create', 'configmap', 'meanwhile']);
    expect(await otherLine).toEqual(['configmap/meanwhile']);
    other.kill();
    expect((await kubectl.ok(['get', 'nm', '--output=name'])).split('\n')).toHaveLength(2);
    await waitUntil(
      'its absence to be seen',
      async () => (await kubectl.run(['get', '--raw', '/apis/wardle.example.com/v1/flunders'])).code !== 0,
    );
    await flunders.start(kubectl, 'v1.wardle.example.com');
    expect(await kubectl.ok(['get', 'fl', 'watched', '--output=name'])).toBe('flunder.wardle.example.com/watched\n');
  });

  it('leave when they are told to', async () => {
    expect(await metrics.stop()).toBe(0);
  });

  /** Past the cluster: her token is only known there. */
  async function askAsAlice(): Promise<[number | undefined, string | undefined]> {
    const bundle = await kubectl.ok(['get', 'apiservice', 'v1.wardle.example.com', '--output=jsonpath={.spec.caBundle}']);
    const sent = request({
      host: 'localhost',
      port: flunders.port,
      path: '/apis/wardle.example.com/v1/namespaces/default/flunders',
      ca: Buffer.from(bundle, 'base64'),
      headers: { authorization: `Bearer ${server.aliceToken}` },
      agent: false,
    });
    const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
    const { message } = (await json(answer)) as { readonly message?: string };
    return [answer.statusCode, message];
  }
}
