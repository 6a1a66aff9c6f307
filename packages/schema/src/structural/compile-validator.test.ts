import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { compileValidator } from './compile-validator.js';
import type { JsonSchema } from './json-schema.js';

/** What is wrong with a value at `spec.p`. */
function problems(schema: JsonSchema, value: Json): string[] {
  const whole: JsonSchema = { type: 'object', properties: { spec: { type: 'object', properties: { p: schema } } } };
  return compileValidator(whole)({ spec: { p: value } }).map(String);
}

const p = 'spec.p in body';

describe('a value', () => {
  it.each<[JsonSchema, Json, Json, string | string[]]>([
    [{ type: 'string' }, 'x', 1, `spec.p: Invalid value: "integer": ${p} must be of type string: "integer"`],
    [{ type: 'string' }, 'x', null, `spec.p: Invalid value: "null": ${p} must be of type string: "null"`],
    [{ type: 'string', nullable: true }, null, [], `spec.p: Invalid value: "array": ${p} must be of type string: "array"`],
    [{ type: 'integer' }, 1, 1.5, `spec.p: Invalid value: "number": ${p} must be of type integer: "number"`],
    [{ type: 'number' }, 1, 'x', `spec.p: Invalid value: "string": ${p} must be of type number: "string"`],
    [{ type: 'boolean' }, false, 'x', `spec.p: Invalid value: "string": ${p} must be of type boolean: "string"`],
    [{ 'x-kubernetes-int-or-string': true }, '5', true, `spec.p: Invalid value: "boolean": ${p} must be of type integer,string: "boolean"`],
    [{ type: 'string', enum: ['a', 'b'] }, 'b', 'c', 'spec.p: Unsupported value: "c": supported values: "a", "b"'],
    [{ enum: [{ a: 1 }, 2] }, { a: 1 }, 3, 'spec.p: Unsupported value: 3: supported values: "{\\"a\\":1}", "2"'],
    [{ type: 'string', maxLength: 2 }, '🙂🙂', 'abc', 'spec.p: Too long: may not be more than 2 bytes'],
    [{ type: 'string', minLength: 2 }, 'ab', 'a', `spec.p: Invalid value: "a": ${p} should be at least 2 chars long`],
    [{ type: 'string', pattern: '^a+$' }, 'aa', 'b', `spec.p: Invalid value: "b": ${p} should match '^a+$'`],
    [{ type: 'integer', maximum: 3 }, 3, 4, `spec.p: Invalid value: 4: ${p} should be less than or equal to 3`],
    [{ type: 'integer', maximum: 3, exclusiveMaximum: true }, 2, 3, `spec.p: Invalid value: 3: ${p} should be less than 3`],
    [{ type: 'integer', minimum: 3 }, 3, 2, `spec.p: Invalid value: 2: ${p} should be greater than or equal to 3`],
    [{ type: 'number', minimum: 3, exclusiveMinimum: true }, 3.5, 3, `spec.p: Invalid value: 3: ${p} should be greater than 3`],
    [{ type: 'integer', multipleOf: 3 }, 9, 10, `spec.p: Invalid value: 10: ${p} should be a multiple of 3`],
    [{ type: 'integer', maximum: 1.5 }, 1, 3, `spec.p: Invalid value: 3: ${p} should be less than or equal to 1`],
    [{ type: 'integer', maximum: 1.5, exclusiveMaximum: true }, 0, 1, `spec.p: Invalid value: 1: ${p} should be less than 1`],
    [{ type: 'integer', minimum: -1.5 }, -1, -2, `spec.p: Invalid value: -2: ${p} should be greater than or equal to -1`],
    [{ type: 'number', maximum: 1.5 }, 1.5, 1.75, `spec.p: Invalid value: 1.75: ${p} should be less than or equal to 1.5`],
    [{ type: 'number', multipleOf: 0.1 }, 0.7, 0.75, `spec.p: Invalid value: 0.75: ${p} should be a multiple of 0.1`],
    [{ type: 'number', multipleOf: 2.5 }, 7.5, 5, `spec.p: Invalid value: 5: ${p} should be a multiple of 2`],
    [{ type: 'number', multipleOf: 0.5 }, 1.5, 1, 'spec.p: Invalid value: 0: factor MultipleOf declared for spec.p must be positive: 0'],
    [{ type: 'array', minItems: 1 }, [1], [], `spec.p: Invalid value: 0: ${p} should have at least 1 items`],
    [{ type: 'array', maxItems: 2 }, [1, 2], [1, 2, 3], 'spec.p: Too many: 3: must have at most 2 items'],
    [
      { type: 'array', items: { type: 'integer' } },
      [1],
      [1, 'x'],
      'spec.p[1]: Invalid value: "string": spec.p[1] in body must be of type integer: "string"',
    ],
    [
      { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 2 },
      { a: 1 },
      { a: 'x' },
      'spec.p.a: Invalid value: "string": spec.p.a in body must be of type integer: "string"',
    ],
    [{ type: 'object', maxProperties: 2 }, { a: 1 }, { a: 1, b: 2, c: 3 }, 'spec.p: Too many: 3: must have at most 2 items'],
    [{ type: 'object', minProperties: 1 }, { a: 1 }, {}, `spec.p: Invalid value: 0: ${p} should have at least 1 properties`],
    [{ type: 'object', required: ['a', 'toString'] }, { a: 1, toString: 1 }, { a: 1 }, 'spec.p.toString: Required value'],
    [{ not: { enum: ['x'] } }, 'y', 'x', '<nil>: Invalid value: "": "spec.p" must not validate the schema (not)'],
    [
      { anyOf: [{ minLength: 3 }, { pattern: '^x' }] },
      'x',
      'a',
      [
        '<nil>: Invalid value: "": "spec.p" must validate at least one schema (anyOf)',
        `spec.p: Invalid value: "a": ${p} should be at least 3 chars long`,
      ],
    ],
    [
      { oneOf: [{ minLength: 1 }, { maxLength: 3 }] },
      'long',
      'a',
      '<nil>: Invalid value: "": "spec.p" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    [
      { oneOf: [{ minLength: 3 }] },
      'long',
      'a',
      [
        '<nil>: Invalid value: "": "spec.p" must validate one and only one schema (oneOf). Found none valid',
        `spec.p: Invalid value: "a": ${p} should be at least 3 chars long`,
      ],
    ],
    [
      { allOf: [{ minLength: 1 }, { maxLength: 3 }] },
      'a',
      'long',
      ['spec.p: Too long: may not be more than 3 bytes', '<nil>: Invalid value: "": "spec.p" must validate all the schemas (allOf)'],
    ],
  ])('by %j: %j is in order, %j is not', (schema, good, bad, expected) => {
    expect([problems(schema, good), problems(schema, bad)]).toEqual([[], typeof expected === 'string' ? [expected] : expected]);
  });

  it.each<[string, string, string]>([
    ['date', '2024-02-29', '2023-02-29'],
    ['date-time', '2014-12-15T19:30:20.000Z', '2014-12-15T25:30:20Z'],
    ['duration', '22 ns', 'soon'],
    ['duration', '1h30m', '1x'],
    ['cidr', '10.0.0.0/8', '10.0.0.0/33'],
    ['ipv4', '10.0.0.1', '::1'],
    ['ipv6', '::1', '10.0.0.1'],
    ['mac', '01:02:03:04:05:06', '01:02:03:04:05'],
    ['uuid', 'a8098c1a-f86e-11da-bd1a-00112444be1e', 'x'],
    ['uuid4', '025b0d74-00a2-4048-bf57-227c5111bb34', 'a8098c1a-f86e-11da-bd1a-00112444be1e'],
    ['bsonobjectid', '507f1f77bcf86cd799439011', 'x'],
    ['isbn', '0321751043', '0321751044'],
    ['isbn13', '978-0321751041', '978-0321751042'],
    ['creditcard', '4111-1111-1111-1111', '4111'],
    ['ssn', '111-11-1111', '111'],
    ['hexcolor', '#FFFFFF', '#FFFFF'],
    ['rgbcolor', 'rgb(255,0,10)', 'rgb(256,0,10)'],
    ['byte', 'aGVsbG8=', 'aGVsbG8'],
    ['email', 'a@example.com', 'example.com'],
    ['hostname', 'example.com', '-example.com'],
    ['uri', 'https://example.com/x', 'example.com'],
  ])('of format %s: %s is in order, %s is not', (format, good, bad) => {
    const told = `spec.p: Invalid value: "${bad}": ${p} must be of type ${format}: "${bad}"`;
    expect([problems({ type: 'string', format }, good), problems({ type: 'string', format }, bad)]).toEqual([[], [told]]);
  });

  it('may have any text where the format means nothing', () => {
    expect(problems({ type: 'string', format: 'poem' }, 'x')).toEqual([]);
    expect(problems({ type: 'integer', format: 'date' }, 5)).toEqual([]);
  });

  it('takes no time that grows faster than it, whatever the pattern', () => {
    expect(problems({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
  });

  it('is placed below where it was found', () => {
    expect(compileValidator({ type: 'string' })(1, 'spec.default').map(String)).toEqual([
      'spec.default: Invalid value: "integer":  in body must be of type string: "integer"',
    ]);
  });
});

describe('a value that was out of order before', () => {
  const text: JsonSchema = { type: 'string' };
  const item: JsonSchema = { type: 'object', properties: { id: text, at: text } };
  const list: JsonSchema = { type: 'array', maxItems: 1, items: item };
  const map = { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] } as JsonSchema;
  const [a, b] = [
    { id: 'a', at: 'x' },
    { id: 'b', at: 'y' },
  ];
  const free = { type: 'object', maxProperties: 1, 'x-kubernetes-preserve-unknown-fields': true } as JsonSchema;
  const open: JsonSchema = { type: 'object', maxProperties: 1, additionalProperties: text };

  it.each<[string, JsonSchema, Json, Json, boolean]>([
    ['items that are known by keys stand in another order', map, [a, b], [b, a], true],
    ['one of them changes', map, [a, b], [b, { ...a, at: 'z' }], false],
    ['one of them gets another key', map, [a, b], [a, { ...b, id: 'c' }], false],
    ['one of them goes', map, [a, b, { id: 'c' }], [a, b], false],
    ['other items stand as they stood', list, [a, b], [a, b], true],
    ['other items stand in another order', list, [a, b], [b, a], false],
    ['members are described', open, { c: '1', d: '2' }, { d: '2', c: '1' }, true],
    ['members are not described', free, { c: '1', d: '2' }, { c: '1', d: '2' }, false],
    ['a member becomes another', open, { c: '1', d: '2' }, { c: '1', e: '2' }, false],
  ])('is judged again unless it is the same: %s', (_, schema, old, value, same) => {
    const whole: JsonSchema = { type: 'object', properties: { p: schema } };
    const errors = compileValidator(whole)({ p: value }, '', { p: old }).map(String);
    expect(errors).toEqual(same ? [] : ['p: Too many: 2: must have at most 1 item']);
  });
});
