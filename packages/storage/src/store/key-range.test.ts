import { describe, expect, it } from 'vitest';
import type { Selection } from '../resource-store.js';
import { fieldValue, narrowRange } from './key-range.js';

const selecting = (fields: Record<string, string>): Selection => ({ fields, matches: () => true });

describe('narrowRange', () => {
  it.each([
    ['all', { path: '' }, {}, { path: '' }],
    ['a name in a namespace', { path: 'a/' }, { 'metadata.name': 'web' }, { path: 'a/web', exact: true }],
    ['a name anywhere', { path: '' }, { 'metadata.name': 'web' }, { path: '' }],
    ['a namespace', { path: '' }, { 'metadata.namespace': 'a' }, { path: 'a/' }],
    ['both', { path: '' }, { 'metadata.namespace': 'a', 'metadata.name': 'web' }, { path: 'a/web', exact: true }],
    ['another namespace than the listed one', { path: 'a/' }, { 'metadata.namespace': 'b' }, { path: 'a/' }],
    ['a name that is no segment', { path: 'a/' }, { 'metadata.name': 'x/y' }, { path: 'a/' }],
    ['an empty name', { path: 'a/' }, { 'metadata.name': '' }, { path: 'a/' }],
  ])('%s', (_, range, fields, expected) => {
    expect(narrowRange(range, selecting(fields), true)).toEqual(expected);
  });

  it('takes the name of a cluster-scoped object as its key', () => {
    expect(narrowRange({ path: '' }, selecting({ 'metadata.name': 'n1' }), false)).toEqual({ path: 'n1', exact: true });
    expect(narrowRange({ path: '' }, selecting({ 'metadata.namespace': 'a' }), false)).toEqual({ path: '' });
  });
});

describe('fieldValue', () => {
  it('reads names from the key and other fields from the object', () => {
    const object = { path: 'a/web', fields: { 'spec.nodeName': 'n1' } };
    expect(
      ['metadata.name', 'metadata.namespace', 'spec.nodeName', 'status.phase', '__proto__'].map((field) => fieldValue(object, field)),
    ).toEqual(['web', 'a', 'n1', '', '']);
    expect(fieldValue({ path: 'n1', fields: {} }, 'metadata.name')).toBe('n1');
    expect(fieldValue({ path: 'n1', fields: {} }, 'metadata.namespace')).toBe('');
  });
});
