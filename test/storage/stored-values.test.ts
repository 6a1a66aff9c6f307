import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../golden/api-client.js';
import { putKey } from '../golden/etcd-gateway.js';
import { type GoldenCase, readArea } from '../golden/golden-case.js';
import { isObject, type JsonObject, type JsonValue } from '../golden/json-value.js';
import { Normalizer } from '../golden/normalizer.js';
import { Player } from '../golden/player.js';
import { caseText } from '../golden/report.js';
import { requestBody } from '../golden/request-body.js';
import { newToken, Variables } from '../golden/variables.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { encodeStored, type Tree } from './encode-tree.js';

/** Objects that were created in kube-apiserver, and the bytes it stored for them. */
const recorded = readArea(join(fileURLToPath(new URL('.', import.meta.url)), 'testdata'), 'stored-values');

let server: RunningKeelson | undefined;
let player: Player;
let client: ApiClient;

const running = (): RunningKeelson => {
  if (server === undefined) throw new Error('no server was started');
  return server;
};

beforeAll(async () => {
  server = await startApiServer({ backend: 'etcd' });
  player = new Player(server);
  client = new ApiClient(server, 4);
});

afterAll(async () => {
  await player?.close();
  client?.close();
  await server?.stop();
});

describe('what is written through the API', () => {
  it.each(recorded.map((goldenCase) => [shortId(goldenCase), goldenCase] as const))(
    '%s is stored as kube-apiserver stores it',
    async (_, goldenCase) => {
      const result = await player.play(goldenCase);
      expect(result.failures.length === 0 ? '' : caseText(result)).toBe('');
    },
  );
});

describe('what kube-apiserver has stored', () => {
  it.each(recorded.map((goldenCase) => [shortId(goldenCase), goldenCase] as const))(
    '%s is served as if it had been created here',
    async (_, goldenCase) => {
      const here = new Variables(newToken(), `cases-${newToken()}`, '');
      const there = new Variables(newToken(), `cases-${newToken()}`, '');
      await createNamespaces(goldenCase, here, there);
      const collection = goldenCase.steps[0]?.path ?? '';
      await send('POST', here.substitute(collection), requestBody(goldenCase.steps[0] ?? {}, here, new Map()));
      await putKey(etcd(), there.substitute(goldenCase.steps[1]?.etcd ?? ''), storedBytes(goldenCase, there));
      const read = async (variables: Variables) => normalized(await send('GET', variables.substitute(`${collection}/n-\${u}`)), variables);
      expect(await read(there)).toEqual(await read(here));
    },
  );
});

const shortId = ({ id }: GoldenCase): string => id.replace('protobuf/stored/', '');

function etcd() {
  const { etcd } = running();
  if (etcd === undefined) throw new Error('the server is not on etcd');
  return etcd;
}

async function createNamespaces({ ns }: GoldenCase, ...all: Variables[]): Promise<void> {
  if (ns !== 'own') return;
  for (const variables of all) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: variables.substitute(`\${ns}`) } };
    await send('POST', '/api/v1/namespaces', Buffer.from(JSON.stringify(body)));
  }
}

async function send(method: string, path: string, body?: Buffer): Promise<JsonValue> {
  const headers = { Authorization: `Bearer ${running().adminToken}`, 'Content-Type': 'application/json', 'User-Agent': 'client/1.0' };
  const answer = await client.send({ method, path, headers, body });
  if (answer.code >= 300) throw new Error(`${method} ${path}: ${answer.code} ${answer.body.toString()}`);
  return JSON.parse(answer.body.toString()) as JsonValue;
}

function normalized(object: JsonValue, variables: Variables): JsonValue {
  return new Normalizer().body(JSON.parse(variables.restore(JSON.stringify(object))) as JsonValue, {});
}

/** The recorded bytes with this play's names, a UID and the time put in. */
function storedBytes({ expect: answers }: GoldenCase, variables: Variables): Buffer {
  const { apiVersion, kind, raw } = recordedBody(answers);
  return encodeStored(String(apiVersion), String(kind), filledIn(raw as JsonValue, variables) as Tree);
}

function recordedBody(answers: GoldenCase['expect']): JsonObject {
  const body = answers[1]?.body as JsonValue | undefined;
  if (!isObject(body)) throw new Error('the second step has no recorded value');
  return body;
}

function filledIn(value: JsonValue, variables: Variables): unknown {
  if (value === '<time>')
    return [
      [1, Math.floor(Date.now() / 1000)],
      [2, 0],
    ]; // prettier-ignore
  if (value === '<uid1>') return randomUUID();
  if (typeof value === 'string') return variables.substitute(value);
  return Array.isArray(value) ? value.map((item) => filledIn(item, variables)) : value;
}
