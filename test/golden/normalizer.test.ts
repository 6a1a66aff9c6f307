import { describe, expect, it } from 'vitest';
import type { JsonValue } from './json-value.js';
import { Normalizer } from './normalizer.js';

const uid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const normalize = (body: JsonValue, ...norm: string[]) => new Normalizer().body(body, { norm });
const object = (metadata: { [key: string]: JsonValue }): JsonValue => ({ kind: 'ConfigMap', metadata });

describe('Normalizer', () => {
  it('numbers resource versions by first appearance in the case', () => {
    const normalizer = new Normalizer();
    const versions = ['17', '18', '17'].map((resourceVersion) => normalizer.body(object({ resourceVersion }), {}));
    expect(versions).toEqual(['<rv1>', '<rv2>', '<rv1>'].map((resourceVersion) => object({ resourceVersion })));
  });

  it('tells versions of lists and tables from those of objects', () => {
    const list = { kind: 'ConfigMapList', metadata: { resourceVersion: '20' }, items: [object({ resourceVersion: '20' })] };
    expect(normalize(list)).toEqual({
      kind: 'ConfigMapList',
      metadata: { resourceVersion: '<listrv>' },
      items: [object({ resourceVersion: '<rv1>' })],
    });
    expect(normalize({ kind: 'Table', metadata: { resourceVersion: '20' } })).toEqual({
      kind: 'Table',
      metadata: { resourceVersion: '<listrv>' },
    });
    expect(normalize({ kind: 'ConfigMapList', metadata: { resourceVersion: '' } })).toEqual({
      kind: 'ConfigMapList',
      metadata: { resourceVersion: '' },
    });
  });

  it('gives all versions one placeholder with norv, and always that of a bookmark', () => {
    expect(normalize(object({ resourceVersion: '3' }), 'norv')).toEqual(object({ resourceVersion: '<rv>' }));
    const bookmark = { type: 'BOOKMARK', object: object({ resourceVersion: '9' }) };
    expect(new Normalizer().event(bookmark)).toEqual({ type: 'BOOKMARK', object: object({ resourceVersion: '<rv>' }) });
  });

  it('numbers UIDs inside texts too, visiting keys in sorted order', () => {
    const body = { z: `JTI=${uid(1)}`, a: uid(2), list: [uid(1), uid(2)] };
    expect(normalize(body)).toEqual({ a: '<uid1>', list: ['<uid2>', '<uid1>'], z: 'JTI=<uid2>' });
  });

  it('hides times of the play and leaves fixed ones', () => {
    const micro = new Date().toISOString().replace('Z', '123Z');
    expect(normalize({ a: now(), b: micro, c: '2024-01-01T00:00:00Z', d: `at ${now()}.` })).toEqual({
      a: '<time>',
      b: '<time.6>',
      c: '2024-01-01T00:00:00Z',
      d: 'at <time>.',
    });
  });

  it('hides continue tokens, server addresses and the server in jwks_uri', () => {
    expect(
      normalize({ metadata: { continue: 'eyJ2' }, serverAddress: '127.0.0.1:1', jwks_uri: 'https://10.0.0.5:6443/openid/v1/jwks' }),
    ).toEqual({
      metadata: { continue: '<continue>' },
      serverAddress: '<address>',
      jwks_uri: 'https://<server>/openid/v1/jwks',
    });
    expect(normalize({ metadata: { continue: '' } })).toEqual({ metadata: { continue: '' } });
  });

  it('hides allocated addresses and node ports unless a request names them', () => {
    const service = (clusterIP: string, nodePort: number) => ({ spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ nodePort }] } });
    expect(normalize(service('10.0.0.9', 30001))).toEqual({
      spec: { clusterIP: '<ip1>', clusterIPs: ['<ip1>'], ports: [{ nodePort: '<nodePort1>' }] },
    });
    expect(normalize(service('None', 32769))).toEqual(service('None', 32769));
    const normalizer = new Normalizer();
    normalizer.noteRequest('{"clusterIP": "10.0.0.9", "nodePort": 30001}');
    expect(normalizer.body(service('10.0.0.9', 30001), {})).toEqual(service('10.0.0.9', 30001));
  });

  it('hides what is generated in a name', () => {
    expect(normalize(object({ generateName: 'gen-', name: 'gen-x7k2p' }))).toEqual(object({ generateName: 'gen-', name: 'gen-<gen>' }));
    expect(normalize(object({ generateName: 'gen-', name: 'gen-other-name' }))).toEqual(
      object({ generateName: 'gen-', name: 'gen-other-name' }),
    );
  });

  it('sorts managed fields; an entry with a subresource comes before one without', () => {
    const entry = (operation: string, manager: string, subresource?: string) => ({
      operation,
      manager,
      apiVersion: 'v1',
      ...(subresource && { subresource }),
    });
    const managedFields = [entry('Update', 'b'), entry('Update', 'a'), entry('Update', 'b', 'status'), entry('Apply', 'z')];
    expect(normalize({ managedFields })).toEqual({
      managedFields: [entry('Apply', 'z'), entry('Update', 'a'), entry('Update', 'b', 'status'), entry('Update', 'b')],
    });
  });

  it('sorts causes and the parts of a combined message', () => {
    const causes = [{ field: 'b' }, { field: 'a' }];
    const message = 'Pod "x" is invalid: [spec.b: Required value, spec.a: Required value]';
    expect(normalize({ details: { causes }, message })).toEqual({
      details: { causes: [{ field: 'a' }, { field: 'b' }] },
      message: 'Pod "x" is invalid: spec.a: Required value & spec.b: Required value',
    });
    expect(normalize({ message: 'pods "x" is forbidden: [b, a]' })).toEqual({ message: 'pods "x" is forbidden: a & b' });
    expect(normalize({ message: 'Pod "x" is invalid: spec.b: no [list, here]' })).toEqual({
      message: 'Pod "x" is invalid: spec.b: no [list, here]',
    });
  });

  it('hides resource versions that errors quote', () => {
    const quoted = (version: string) => `{\\"resourceVersion\\":\\"${version}\\"} in record (${version}). (1)`;
    expect(normalize({ message: quoted('812') })).toEqual({ message: quoted('<rv>') });
  });

  it('normalizes only what is picked, by the name it has in the whole', () => {
    const body = { metadata: { managedFields: [{ manager: 'b' }, { manager: 'a' }] }, other: uid(1) };
    expect(new Normalizer().body(body, { pick: 'metadata|managedFields' })).toEqual([{ manager: 'a' }, { manager: 'b' }]);
    expect(new Normalizer().body(body, { pick: 'metadata|nothing' })).toBeNull();
  });

  it('leaves a body alone with raw', () => {
    expect(normalize({ uid: uid(1), time: now() }, 'raw')).toMatchObject({ uid: uid(1) });
  });

  it('keeps a key called __proto__', () => {
    const body = JSON.parse(`{"data": {"__proto__": {"uid": "${uid(1)}"}}}`) as JsonValue;
    expect(JSON.stringify(normalize(body))).toBe('{"data":{"__proto__":{"uid":"<uid1>"}}}');
  });
});

describe('tables', () => {
  const table = (names: readonly string[] | null, ...cells: JsonValue[]): JsonValue => ({
    kind: 'Table',
    columnDefinitions: names?.map((name) => ({ name, description: 'd' })) ?? null,
    rows: [{ cells }],
  });
  const cellsOf = (value: JsonValue) => (value as { rows: { cells: JsonValue }[] }).rows[0]?.cells;

  it('hides ages, cluster addresses and node ports in their columns', () => {
    const names = ['Name', 'Cluster-IP', 'Port(s)', 'Age', 'Duration', 'TimeAdded'];
    expect(cellsOf(normalize(table(names, '5d', '10.0.0.7', '80:30123/TCP,81/TCP', '3m12s', '', '0s')))).toEqual([
      '5d',
      '<ip1>',
      '80:<nodePort>/TCP,81/TCP',
      '<age>',
      '',
      '0s',
    ]);
  });

  it('takes what looks like an age for one where a watch leaves the columns out', () => {
    expect(cellsOf(normalize(table(null, 'name', 2, '0s')))).toEqual(['name', 2, '<age>']);
    expect(cellsOf(normalize(table(['Name'], 'name', '0s')))).toEqual(['name', '0s']);
  });

  it('leaves descriptions out unless columns are asked for', () => {
    const definitions = (value: JsonValue) => (value as { columnDefinitions: JsonValue }).columnDefinitions;
    expect(definitions(normalize(table(['Name'], 'n')))).toEqual([{ name: 'Name' }]);
    expect(definitions(normalize(table(['Name'], 'n'), 'columns'))).toEqual([{ name: 'Name', description: 'd' }]);
  });
});

describe('protobuf trees', () => {
  const seconds = Math.floor(Date.now() / 1000);
  const tree = (raw: JsonValue) => (normalize({ magic: true, kind: 'X', raw }) as { raw: JsonValue }).raw;

  it('has placeholders where the metadata of objects, lists and items is', () => {
    const metadata = [
      [5, uid(1)],
      [6, '812'],
      [
        8,
        [
          [1, seconds],
          [2, 0],
        ],
      ],
    ]; // prettier-ignore
    const hidden = [
      [5, '<uid1>'],
      [6, '<rv>'],
      [8, '<time>'],
    ];
    expect(tree([[1, metadata]])).toEqual([[1, hidden]]);
    expect(
      tree([
        [1, [[2, '99']]],
        [
          2,
          [
            [1, metadata],
            [2, '7'],
          ],
        ],
      ]),
    ).toEqual([
      [1, [[2, '<listrv>']]],
      [
        2,
        [
          [1, hidden],
          [2, '<listrv>'],
        ],
      ],
    ]);
  });

  it('leaves other digits and fixed times', () => {
    const raw = [
      [
        2,
        [
          [4, [[2, '1']]],
          [
            3,
            [
              [1, 1_704_067_200],
              [2, 0],
            ],
          ],
        ],
      ],
    ];
    expect(tree(raw)).toEqual(raw);
  });
});
