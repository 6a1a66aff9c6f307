import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../golden/api-client.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const password = 'correct-horse-battery-staple';
const encoded = Buffer.from(password).toString('base64');
const bearer = 'bearer-nobody-should-read';
const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] };
const secrets = '/api/v1/namespaces/default/secrets';

const json = 'application/json';
const yaml = 'application/yaml';
const mergePatch = 'application/merge-patch+json';
const strategicPatch = 'application/strategic-merge-patch+json';
const jsonPatch = 'application/json-patch+json';
const applyPatch = 'application/apply-patch+yaml';

const secret = (more: object) => JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'kept' }, ...more });
const operation = (op: object) => JSON.stringify([op]);

type Request = readonly [method: string, path: string, type: string, body: string, code: number];

/** Everything a password may be part of, whether it is taken or refused. */
const requests: readonly Request[] = [
  ['POST', secrets, json, secret({ data: { password: encoded } }), 201],
  ['POST', secrets, json, secret({ data: { password: encoded } }), 409],
  ['POST', secrets, json, secret({ stringData: { password }, metadata: { generateName: 'other-' } }), 201],
  ['POST', secrets, json, secret({ data: { password } }), 400],
  ['POST', secrets, json, secret({ data: password }), 400],
  ['POST', secrets, json, secret({ data: { password: [encoded] } }), 400],
  ['POST', secrets, json, `{"kind":"Secret","apiVersion":"v1","data":{"password":"${encoded}",,}}`, 400],
  ['POST', secrets, json, `{"kind":"Secret","apiVersion":"v1","data":{"password":"${password}`, 400],
  ['POST', secrets, yaml, `kind: Secret\napiVersion: v1\ndata: {password: ${encoded}\n`, 400],
  ['POST', secrets, yaml, `kind: Secret\napiVersion: v1\ndata:\n  password: "${password}\n  other: ${password}`, 400],
  ['POST', `${secrets}?fieldValidation=Strict`, json, secret({ data: { password: encoded }, dta: { password: encoded } }), 400],
  ['POST', secrets, json, secret({ data: { password: encoded }, type: 'kubernetes.io/basic-auth', metadata: { name: 'No' } }), 422],
  ['POST', secrets, json, secret({ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': encoded } }), 422],
  ['POST', secrets, json, secret({ type: 'kubernetes.io/dockercfg', data: { '.dockercfg': encoded } }), 422],
  ['POST', secrets, json, secret({ type: 'kubernetes.io/tls', data: { password: encoded } }), 422],
  ['POST', secrets, json, secret({ data: { password: encoded }, metadata: { namespace: 'other', name: 'a' } }), 400],
  ['PUT', `${secrets}/kept`, json, secret({ data: { password: encoded }, type: 'other' }), 422],
  ['PUT', `${secrets}/kept`, json, secret({ data: { password: encoded }, metadata: { name: 'kept', resourceVersion: '1' } }), 409],
  ['PATCH', `${secrets}/kept`, mergePatch, JSON.stringify({ data: { password } }), 422],
  ['PATCH', `${secrets}/kept`, mergePatch, `{"data":{"password":"${encoded}"`, 400],
  ['PATCH', `${secrets}/kept`, mergePatch, JSON.stringify({ data: { more: encoded } }), 200],
  ['PATCH', `${secrets}/kept`, strategicPatch, JSON.stringify({ data: encoded }), 422],
  ['PATCH', `${secrets}/kept`, strategicPatch, JSON.stringify({ data: { $patch: password } }), 500],
  ['PATCH', `${secrets}/kept`, jsonPatch, operation({ op: 'test', path: '/data/password', value: password }), 422],
  ['PATCH', `${secrets}/kept`, jsonPatch, operation({ op: 'add', path: '/data/a/b', value: encoded }), 422],
  ['PATCH', `${secrets}/kept`, jsonPatch, operation({ op: 'replace', path: '/data/password', value: { password } }), 422],
  ['PATCH', `${secrets}/kept?fieldManager=a`, applyPatch, secret({ data: { password: encoded, also: encoded } }), 200],
  ['PATCH', `${secrets}/kept?fieldManager=b`, applyPatch, secret({ data: { also: encoded.slice(0, -4) } }), 409],
  ['PATCH', `${secrets}/kept?fieldManager=b`, applyPatch, secret({ data: { also: password } }), 409],
  ['PATCH', `${secrets}/kept?fieldManager=b`, applyPatch, secret({ dta: { also: password } }), 500],
];

let dir: string;
let server: RunningKeelson;
let client: ApiClient;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-secrets-'));
  await writeFile(join(dir, 'policy.json'), JSON.stringify(policy));
  const flags = { 'audit-policy-file': join(dir, 'policy.json'), 'audit-log-path': join(dir, 'audit.log'), v: '10' };
  server = await startApiServer({ backend: 'embedded', flags });
  client = new ApiClient(server, 1);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function send([method, path, type, body]: Request, token = server.adminToken) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
  const answer = await client.send({ method, path, headers, body: Buffer.from(body) });
  return { code: answer.code, text: answer.body.toString() };
}

const told = (text: string) => [password, encoded, bearer, 'admin-token'].filter((value) => text.includes(value));

it.each(requests)('%s %s as %s: %s is answered %i and told to nobody', async (...request) => {
  const { code, text } = await send(request);
  expect(code, text).toBe(request[4]);
  if (code >= 300) expect(told(text), text).toEqual([]);
});

it('tells neither its log nor the audit log of them, nor of tokens', async () => {
  expect((await send(['GET', secrets, json, '', 401], bearer)).code).toBe(401);
  await expect.poll(() => readFile(join(dir, 'audit.log'), 'utf8')).toContain('"code":401');
  const [log, audit] = [await server.process.log(), await readFile(join(dir, 'audit.log'), 'utf8')];
  expect(log).toContain('/api/v1/namespaces/default/secrets');
  expect(told(log)).toEqual([]);
  expect(audit.split('\n').filter((line) => line.includes('/secrets')).length).toBeGreaterThan(requests.length);
  expect(told(audit)).toEqual([]);
});
