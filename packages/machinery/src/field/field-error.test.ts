import { describe, expect, it } from 'vitest';
import {
  duplicate,
  forbiddenField,
  internalField,
  invalidField,
  notFoundField,
  notSupported,
  omittedValue,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from './field-error.js';
import { path } from './path.js';

const at = path('spec', 'a');

describe('each type has its text', () => {
  it.each([
    [required(at), 'FieldValueRequired', 'Required value'],
    [required(at, 'name or generateName is required'), 'FieldValueRequired', 'Required value: name or generateName is required'],
    [invalidField(at, 'x', 'field is immutable'), 'FieldValueInvalid', 'Invalid value: "x": field is immutable'],
    [typeInvalid(at, 'integer', 'must be of type string'), 'FieldValueTypeInvalid', 'Invalid value: "integer": must be of type string'],
    [duplicate(at, 'TCP//80'), 'FieldValueDuplicate', 'Duplicate value: "TCP//80"'],
    [notSupported(at, 'x', ['a', 'b']), 'FieldValueNotSupported', 'Unsupported value: "x": supported values: "a", "b"'],
    [notSupported(at, 'x', []), 'FieldValueNotSupported', 'Unsupported value: "x"'],
    [forbiddenField(at, 'cannot be set'), 'FieldValueForbidden', 'Forbidden: cannot be set'],
    [tooLong(at, 253), 'FieldValueTooLong', 'Too long: may not be more than 253 bytes'],
    [tooLong(at, 1), 'FieldValueTooLong', 'Too long: may not be more than 1 byte'],
    [tooLong(at, -1), 'FieldValueTooLong', 'Too long: value is too long'],
    [tooMany(at, 3, 2), 'FieldValueTooMany', 'Too many: 3: must have at most 2 items'],
    [tooMany(at, 2, 1), 'FieldValueTooMany', 'Too many: 2: must have at most 1 item'],
    [tooMany(at, 2, -1), 'FieldValueTooMany', 'Too many: 2: has too many items'],
    [notFoundField(at, 'x'), 'FieldValueNotFound', 'Not found: "x"'],
    [notFoundField(at, 'x', 'must be one of the names in y'), 'FieldValueNotFound', 'Not found: "x": must be one of the names in y'],
    [internalField(at, new Error('boom')), 'InternalError', 'Internal error: boom'],
  ])('%s', (error, type, body) => {
    expect(error.type).toBe(type);
    expect(error.body()).toBe(body);
    expect(String(error)).toBe(`spec.a: ${body}`);
    expect(error.field).toBe('spec.a');
  });
});

describe('each value has its text', () => {
  it.each([
    ['say "hi"\n', '"say \\"hi\\"\\n"'],
    [-1, '-1'],
    [1.5, '1.5'],
    [2n ** 63n, '9223372036854775808'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'null'],
    [['1.1.1.1', '2.2.2.2'], '["1.1.1.1","2.2.2.2"]'],
    [{ Rule: 'self <', Message: '' }, '{"Rule":"self \\u003c","Message":""}'],
    [{ a: '&\u2028' }, '{"a":"\\u0026\\u2028"}'],
    [{}, '{}'],
  ])('%o', (value, text) => {
    expect(invalidField(at, value, 'no').body()).toBe(`Invalid value: ${text}: no`);
  });

  it('can be left out', () => {
    expect(invalidField(at, omittedValue, 'specify one').body()).toBe('Invalid value: specify one');
  });
});
