import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;
let token: string;
beforeAll(async () => {
  server = await AttackedServer.start();
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await server.send({ method: 'POST', path: accounts, body: JSON.stringify({ metadata: { name: 'victim' } }) });
  token = await tokenFor();
});
afterAll(() => server?.stop());

async function tokenFor(...audiences: string[]): Promise<string> {
  const body = JSON.stringify({ spec: { audiences, expirationSeconds: 600 } });
  const answer = await server.send({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts/victim/token', body });
  return (JSON.parse(answer.body.toString()) as { status: { token: string } }).status.token;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text = '') => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;

function changed(claims: object): string {
  const [header, payload, signature] = token.split('.');
  return `${header}.${part({ ...read(payload), ...claims })}.${signature}`;
}

/** Signed with the public key as if that were a shared secret. */
async function confused(): Promise<string> {
  const { keys } = JSON.parse((await server.send({ path: '/openid/v1/jwks' })).body.toString());
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = `${part({ alg: 'HS256', kid: keys[0].kid })}.${token.split('.')[1]}`;
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

async function codeWith(headers: Readonly<Record<string, string>>): Promise<number> {
  return (await server.send({ path: '/api/v1/namespaces/default/configmaps', as: 'nobody', headers })).code;
}

describe('a forged token', () => {
  it('is one that would be good if it were as it was issued', async () => {
    expect(await codeWith({ Authorization: `Bearer ${token}` })).toBe(403);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['that is not signed', () => `${part({ alg: 'none' })}.${token.split('.')[1]}.`],
    ['that keeps the signature of another one', () => changed({ sub: 'system:serviceaccount:kube-system:admin' })],
    ['of another issuer', () => changed({ iss: 'https://attacker.example' })],
    ['for longer than it was issued', () => changed({ exp: 4_102_444_800 })],
    ['signed with the public key', confused],
    ['for another audience', () => tokenFor('https://elsewhere.example')],
    ['that is very long', () => `${'a'.repeat(8_000)}.${'b'.repeat(8_000)}.c`],
  ])('%s is refused while others are served', async (_, forge) => {
    const forged = await forge();
    const answered = await server.meanwhile(async () => {
      for (let i = 0; i < 20; i++) expect([401, 431]).toContain(await codeWith({ Authorization: `Bearer ${forged}` }));
    });
    expect(answered).toBeGreaterThan(0);
  });
});

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
  const answered = await server.meanwhile(async () => {
    const [code, message] = await server.outcome({ method: 'POST', path, body: JSON.stringify(trap) });
    expect([code, message.slice(0, 60)]).toEqual([422, 'Trap.attack.example.com "a" is invalid: text: Invalid value: '.slice(0, 60)]);
  });
  expect(answered).toBeGreaterThan(0);
});
