import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

const maps = '/api/v1/namespaces/default/configmaps';
const json = 'application/json';
const yaml = 'application/yaml';
const jsonPatch = 'application/json-patch+json';
const mergePatch = 'application/merge-patch+json';
const strategicPatch = 'application/strategic-merge-patch+json';
const applyPatch = 'application/apply-patch+yaml';

let server: AttackedServer;
beforeAll(async () => {
  server = await AttackedServer.start();
  await server.send({ method: 'POST', path: maps, type: json, body: JSON.stringify({ metadata: { name: 'victim' }, data: { a: 'b' } }) });
});
afterAll(() => server?.stop());

const deep = (open: string, close: string, levels = 200_000) => open.repeat(levels) + close.repeat(levels);
const deepObjects = (levels: number) => deep('{"a":', '}', levels).replace('"a":}', '"a":1}');
const deepObject = deepObjects(100_000);
const nestedAliases = (levels: number) =>
  Array.from({ length: levels }, (_, at) => `a${at}: &a${at} [${at > 0 ? `*a${at - 1}` : ''}]`).join('\n');

/** Each level names the one below nine times. */
function laughs(levels: number): string {
  const lines = ['a0: &a0 "lol"'];
  for (let at = 1; at < levels; at++)
    lines.push(
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    );
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lol}\n${lines.join('\n')}\n`;
}

function copies(count: number): string {
  const operations = Array.from({ length: count }, (_, at) => ({ op: 'copy', from: '/data', path: `/data/c${at}` }));
  return JSON.stringify(operations);
}

const big = (bytes: number) => JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(bytes) } });

describe('a body that is to explode', () => {
  it.each<[string, string, string, string | Buffer, number]>([
    ['nested arrays', 'POST', json, deep('[', ']'), 400],
    ['nested objects', 'POST', json, deepObject, 400],
    ['nested lists of YAML in a line', 'POST', yaml, '- '.repeat(20_000), 400],
    ['nested keys of YAML', 'POST', yaml, '? '.repeat(20_000), 400],
    ['aliases that nest', 'POST', yaml, nestedAliases(5_000), 400],
    ['nested flow sequences of YAML', 'POST', yaml, deep('[', ']', 20_000), 400],
    ['aliases that multiply', 'POST', yaml, laughs(12), 400],
    ['more than three megabytes', 'POST', json, big(3 << 20), 413],
    ['bytes that are no text', 'POST', json, Buffer.alloc(100_000, 0xff), 400],
    ['a protobuf that is none', 'POST', 'application/vnd.kubernetes.protobuf', Buffer.alloc(100_000, 0xff), 400],
    [
      'a protobuf whose field never ends',
      'POST',
      'application/vnd.kubernetes.protobuf',
      Buffer.from('6b387300ffffffffffffffff7f', 'hex'),
      400,
    ],
    ['a number without end', 'POST', json, `{"metadata":{"name":"n","generation":1e${'9'.repeat(10_000)}}}`, 400],
  ])('%s', async (_, method, type, body, code) => {
    await server.meanwhile(async () => {
      const [got, message] = await server.outcome({ method, path: maps, type, body });
      expect([got, message]).toEqual([code, expect.stringMatching(/\S/)]);
      expect(message).not.toMatch(/at .*\.(js|ts):\d+|RangeError|Maximum call stack/);
    });
  });
});

describe('a patch that is to explode', () => {
  it.each<[string, string, string, number]>([
    ['copies of copies', jsonPatch, copies(40), 422],
    ['too many operations', jsonPatch, JSON.stringify(Array(10_001).fill({ op: 'test', path: '/metadata/name', value: 'victim' })), 413],
    ['a merge patch that nests', mergePatch, deepObject, 400],
    ['a strategic patch that nests', strategicPatch, deepObject, 400],
    ['an apply patch of aliases', applyPatch, laughs(12), 400],
    ['a pointer through the prototype', jsonPatch, '[{"op":"add","path":"/__proto__/polluted","value":"yes"}]', 422],
    ['a pointer through the constructor', jsonPatch, '[{"op":"add","path":"/constructor/prototype/polluted","value":"yes"}]', 422],
  ])('%s', async (_, type, body, expected) => {
    await server.meanwhile(async () => {
      const [code, message] = await server.outcome({ method: 'PATCH', path: `${maps}/victim?fieldManager=attacker`, type, body });
      expect(code).toBe(expected);
      expect(message).not.toMatch(/at .*\.(js|ts):\d+|RangeError|Maximum call stack/);
    });
    const { data } = JSON.parse((await server.send({ path: `${maps}/victim` })).body.toString());
    expect(data).toEqual({ a: 'b' });
  });
});

it('data that nest deep are kept, or are too deep', async () => {
  const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
  const create = (levels: number) => {
    const body = `{"metadata":{"generateName":"deep-"},"revision":1,"data":${deepObjects(levels)}}`;
    return server.outcome({ method: 'POST', path: revisions, type: json, body });
  };
  await server.meanwhile(async () => {
    expect((await create(950))[0]).toBe(201);
    expect(await create(9_000)).toEqual([400, expect.stringContaining('exceeded max depth')]);
    expect((await server.send({ path: revisions })).code).toBe(200);
  });
});

describe('names of prototypes', () => {
  it('are data like any other', async () => {
    const body = '{"metadata":{"name":"proto","labels":{"constructor":"c"}},"data":{"__proto__":"p","toString":"t"}}';
    expect((await server.send({ method: 'POST', path: maps, type: json, body })).code).toBe(201);
    const text = (await server.send({ path: `${maps}/proto` })).body.toString();
    expect(text).toContain('"data":{"__proto__":"p","toString":"t"}');
    expect((await server.send({ method: 'DELETE', path: `${maps}/proto` })).code).toBe(200);
  });

  it('pollute nothing', async () => {
    const patch = '{"__proto__":{"polluted":"yes"},"data":{"__proto__":{"polluted":"yes"}}}';
    await server.send({ method: 'PATCH', path: `${maps}/victim`, type: mergePatch, body: patch });
    const text = (await server.send({ path: '/version' })).body.toString();
    expect(text).not.toContain('polluted');
  });
});

describe('a selector that is to take long', () => {
  it.each<[string, string, number]>([
    ['of many requirements', `labelSelector=${encodeURIComponent(Array(20_000).fill('a in (b)').join(','))}`, 200],
    ['of many values', `labelSelector=${encodeURIComponent(`a in (${Array(50_000).fill('b').join(',')})`)}`, 200],
    ['of parentheses', `labelSelector=${'('.repeat(50_000)}`, 400],
    ['of a long name', `labelSelector=${encodeURIComponent(`${'a'.repeat(100_000)}!`)}`, 400],
    ['of many fields', `fieldSelector=${encodeURIComponent(Array(20_000).fill('metadata.name=a').join(','))}`, 200],
    ['of escapes', `fieldSelector=${encodeURIComponent(`metadata.name=${'\\'.repeat(100_000)}`)}`, 200],
  ])('%s', async (_, selector, code) => {
    await server.meanwhile(async () => {
      expect((await server.send({ path: `${maps}?${selector}` })).code).toBe(code);
    });
  });
});
