import type { Rule, RulesOfKind } from '../../rule.js';
import { notConfigMapKey } from '../format-messages.js';

const set = 'field is immutable when `immutable` is set';
const mebibyte = 1024 * 1024;

/** What may be a key of a map. */
function keyRule(rule: string, field: 'data' | 'binaryData', accepted: string, refused: string, ...problems: readonly string[]): Rule {
  return {
    rule,
    accepted: { [field]: { [accepted]: '' } },
    refused: { [field]: { [refused]: '' } },
    errors: problems.map((problem) => `${field}[${refused}]: Invalid value: ${JSON.stringify(refused)}: ${problem}`),
  };
}

export const configMaps: RulesOfKind = {
  collection: '/api/v1/namespaces/default/configmaps',
  kind: 'ConfigMap',
  example: { data: { a: 'b' } },
  rules: [
    keyRule('keys are of letters, digits and a few signs', 'data', '-._a1', 'a b', notConfigMapKey),
    keyRule('keys of binary data are, too', 'binaryData', '-._a1', 'a/b', notConfigMapKey),
    keyRule('keys have no more than 253 characters', 'data', 'a'.repeat(253), 'a'.repeat(254), 'must be no more than 253 characters'),
    keyRule('a key is not the directory', 'data', '.a', '.', "must not be '.'"),
    keyRule('a key is not the directory above', 'data', '.a', '..', "must not be '..'"),
    keyRule('a key does not start with the directory above', 'data', 'a..', '..a', "must not start with '..'"),
    {
      rule: 'a key is of text or binary data',
      accepted: { binaryData: { b: '' } },
      refused: { binaryData: { a: '' } },
      errors: ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    },
    {
      rule: 'all data have no more than 1 MiB',
      accepted: { data: { a: 'x'.repeat(mebibyte - 3) }, binaryData: { b: 'AAAA' } },
      refused: { data: { a: 'x'.repeat(mebibyte - 2) }, binaryData: { b: 'AAAA' } },
      errors: [`: Too long: may not be more than ${mebibyte} bytes`],
    },
    {
      rule: 'data of an immutable map do not change',
      on: 'update',
      before: { immutable: true, binaryData: { b: 'AAAA' } },
      accepted: { 'metadata.labels.a': 'b' },
      refused: { 'data.a': 'c', binaryData: {} },
      errors: [`data: Forbidden: ${set}`, `binaryData: Forbidden: ${set}`],
    },
    {
      rule: 'an immutable map without binary data gets no empty ones',
      on: 'update',
      before: { immutable: true, data: undefined },
      accepted: { data: {} },
      refused: { binaryData: {} },
      errors: [`binaryData: Forbidden: ${set}`],
    },
    {
      rule: 'an immutable map stays immutable',
      on: 'update',
      before: { immutable: true },
      accepted: { data: { a: 'b' } },
      refused: { immutable: undefined },
      errors: [`immutable: Forbidden: ${set}`],
    },
    {
      rule: 'an immutable map is not made mutable',
      on: 'update',
      before: { immutable: false },
      accepted: { immutable: true, 'data.a': 'c' },
      refused: { 'data.a b': 'c' },
      errors: [`data[a b]: Invalid value: "a b": ${notConfigMapKey}`],
    },
  ],
};
