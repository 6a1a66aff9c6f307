import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificates } from '../../packages/keelson/src/pki/ensure-certificates.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { waitUntil } from '../support/wait-until.js';

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Longer than the server waits for files to settle. */
const patience = { timeout: 20_000 };
const configMaps = '/api/v1/namespaces/default/configmaps';

describe('the file of the authorities of clients', () => {
  let dir: string;
  let server: RunningKeelson;
  let authorities: { readonly old: string; readonly new: string };
  let oldClient: Identity;
  let newClient: Identity;

  const file = (name: string) => readFile(join(dir, name), 'utf8');
  const identity = async (name: string): Promise<Identity> => ({ cert: await file(`${name}.crt`), key: await file(`${name}.key`) });
  const useAuthorities = (pem: string) => writeFile(join(dir, 'clients.crt'), pem);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keelson-authorities-'));
    await ensureCertificates(dir, [
      ...(['old', 'new'] as const).flatMap((name) => [
        { kind: 'authority', path: `${name}-ca`, commonName: `${name} authority` } as const,
        {
          kind: 'leaf',
          path: name,
          issuer: `${name}-ca`,
          commonName: `${name} client`,
          organization: 'system:masters',
          usages: ['clientAuth'],
        } as const,
      ]),
    ]);
    authorities = { old: await file('old-ca.crt'), new: await file('new-ca.crt') };
    [oldClient, newClient] = await Promise.all([identity('old'), identity('new')]);
    await useAuthorities(authorities.old);
    server = await startApiServer({ backend: 'embedded', flags: { 'client-ca-file': join(dir, 'clients.crt') } });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** `agent` false: on a connection of its own. Says whether the connection was there already. */
  async function send(client: Identity, agent: Agent | false, path: string, body?: string) {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request(`${server.url}${path}`, { method: body === undefined ? 'GET' : 'POST', headers, ca: server.ca, agent, ...client });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { response, reused: sent.reusedSocket };
  }

  async function ask(client: Identity, agent: Agent | false = false, body?: string) {
    const { response, reused } = await send(client, agent, configMaps, body);
    await response.toArray();
    return [response.statusCode, reused ? 'same connection' : 'new connection'];
  }

  it('counts from the moment it changes, for handshakes and for what is asked on open connections', async () => {
    const [oldOpen, newOpen] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    expect(await ask(oldClient, oldOpen)).toEqual([200, 'new connection']);
    expect(await ask(newClient, newOpen)).toEqual([401, 'new connection']);
    const { response: watch } = await send(oldClient, false, `${configMaps}?watch=true`);
    let seen = '';
    watch.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
    });

    await useAuthorities(authorities.new);
    await expect.poll(() => ask(newClient), patience).toEqual([200, 'new connection']);
    expect(await ask(oldClient)).toEqual([401, 'new connection']);
    expect(await ask(oldClient, oldOpen)).toEqual([401, 'same connection']);
    // Its handshake was with the old authorities: one more answer, and it has to come again.
    expect(await ask(newClient, newOpen)).toEqual([401, 'same connection']);
    expect(await ask(newClient, newOpen)).toEqual([200, 'new connection']);

    // What was begun goes on.
    expect(await ask(newClient, newOpen, JSON.stringify({ metadata: { name: 'seen' } }))).toEqual([201, 'same connection']);
    await expect.poll(() => seen, patience).toContain('"name":"seen"');
    watch.destroy();
    for (const agent of [oldOpen, newOpen]) agent.destroy();
  });

  it('may name both authorities, and stays as it was when it is unusable', async () => {
    await useAuthorities(authorities.new + authorities.old);
    await expect.poll(() => ask(oldClient), patience).toEqual([200, 'new connection']);
    await useAuthorities('no certificate');
    await waitUntil('the complaint', async () => (await server.process.log()).includes('cannot reload serving certificates') || undefined);
    expect([(await ask(oldClient))[0], (await ask(newClient))[0]]).toEqual([200, 200]);
  });
});
