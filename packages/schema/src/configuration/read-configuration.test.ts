import { describe, expect, it } from 'vitest';
import { type ConfigurationKind, readConfiguration, readInnerConfiguration, UnknownKindError } from './read-configuration.js';
import { anything, duration, fields, flag, integer, listOf, mapOf, text } from './shape.js';

const shape = fields({ names: listOf(text), limits: mapOf(integer), wait: duration, rule: fields({ strict: flag, body: anything }) });
const kind: ConfigurationKind<unknown> = { kind: 'Widgets', apiVersions: ['example.com/v1', 'example.com/v1beta1'], shape };
const head = 'apiVersion: example.com/v1\nkind: Widgets\n';
const read = (content: string) => readConfiguration(content, kind);

describe('readConfiguration', () => {
  it('reads YAML and JSON of any of its versions', () => {
    expect(read(`${head}names: [a, b]\nlimits: {x: 3}\nwait: 1m30s\nrule:\n  strict: true\n  body: {deep: [1]}\n`)).toEqual({
      apiVersion: 'example.com/v1',
      value: { names: ['a', 'b'], limits: new Map([['x', 3]]), wait: 90_000_000_000n, rule: { strict: true, body: { deep: [1] } } },
    });
    expect(read('{"apiVersion":"example.com/v1beta1","kind":"Widgets","names":null}')).toEqual({
      apiVersion: 'example.com/v1beta1',
      value: {},
    });
  });

  it.each([
    ['kind: Widgets\n', "Object 'apiVersion' is missing in 'kind: Widgets\n'"],
    ['apiVersion: example.com/v1\n', "Object 'Kind' is missing in 'apiVersion: example.com/v1\n'"],
    ['apiVersion: example.com/v2\nkind: Widgets\n', 'no kind "Widgets" is registered for version "example.com/v2"'],
    ['apiVersion: example.com/v1\nkind: Gadgets\n', 'no kind "Gadgets" is registered for version "example.com/v1"'],
    [
      `${head}nams: []\nrule: {of: true, __proto__: 1}\n`,
      'strict decoding error: unknown field "nams", unknown field "rule.__proto__", unknown field "rule.of"',
    ],
    [`${head}names: a\n`, 'json: cannot unmarshal string into Go struct field names of type slice'],
    [`${head}names: [1]\n`, 'json: cannot unmarshal number into Go struct field names[0] of type string'],
    [`${head}wait: soon\n`, 'time: invalid duration "soon"'],
    [`${head}rule: []\n`, 'json: cannot unmarshal array into Go struct field rule of type struct'],
    [`${head}names: []\nnames: []\n`, 'strict decoding error: yaml: unmarshal errors:\n  line 4: key "names" already set in map'],
  ])('refuses %j', (content, message) => {
    expect(() => read(content)).toThrow(expect.objectContaining({ message }));
  });
});

describe('readInnerConfiguration', () => {
  const given = { apiVersion: 'example.com/v1', kind: 'Widgets', names: ['a'], nams: 1 };

  it('overlooks unknown fields only where it is told to', () => {
    expect(() => readInnerConfiguration(given, kind)).toThrow(new Error('strict decoding error: unknown field "nams"'));
    expect(readInnerConfiguration(given, kind, { lenient: true }).value).toEqual({ names: ['a'] });
  });

  it('tells files of another kind from those that are wrong', () => {
    const { kind: _, ...rest } = given;
    expect(() => readInnerConfiguration(rest, kind)).toThrow(
      new UnknownKindError(`Object 'Kind' is missing in '{"apiVersion":"example.com/v1","names":["a"],"nams":1}'`),
    );
    expect(() => readInnerConfiguration({ ...given, kind: 'Other' }, kind)).toThrow(UnknownKindError);
  });
});
