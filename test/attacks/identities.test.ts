import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;
beforeAll(async () => {
  server = await AttackedServer.start();
});
afterAll(() => server?.stop());

describe('headers of a front proxy', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['alone', {}],
    ['in other letters', { 'x-REMOTE-user': 'admin', 'x-remote-GROUP': 'system:masters' }],
    ['with a name that some proxies take for theirs', { X_Remote_User: 'admin', X_Remote_Group: 'system:masters' }],
  ])('make nobody of who comes without its certificate: %s', async (_, headers) => {
    const claimed = { 'X-Remote-User': 'admin', 'X-Remote-Group': 'system:masters', 'X-Remote-Uid': '1', ...headers };
    const secrets = '/api/v1/namespaces/kube-system/secrets';
    expect((await server.send({ path: secrets, as: 'nobody', headers: claimed })).code).toBe(403);
    expect((await server.send({ path: secrets, as: 'alice', headers: claimed })).code).toBe(403);
  });
});

it('patterns of a schema take no longer for what they almost match', async () => {
  const spec = {
    group: 'attack.example.com',
    scope: 'Namespaced',
    names: { plural: 'traps', kind: 'Trap' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { text: { type: 'string', pattern: '^(a+)+$' } } } },
      },
    ],
  };
  const metadata = { name: 'traps.attack.example.com' };
  const path = '/apis/attack.example.com/v1/namespaces/default/traps';
  await server.send({
    method: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    body: JSON.stringify({ metadata, spec }),
  });
  while ((await server.send({ path })).code !== 200);
  const trap = { apiVersion: 'attack.example.com/v1', kind: 'Trap', metadata: { name: 'a' }, text: `${'a'.repeat(100_000)}!` };
  await server.meanwhile(async () => {
    const [code, message] = await server.outcome({ method: 'POST', path, body: JSON.stringify(trap) });
    expect([code, message.slice(0, 60)]).toEqual([422, 'Trap.attack.example.com "a" is invalid: text: Invalid value: '.slice(0, 60)]);
  });
});
