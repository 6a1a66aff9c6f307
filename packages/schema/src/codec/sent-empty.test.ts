import { describe, expect, it } from 'vitest';
import { core, rbac } from '../index.js';
import { shownAsSent, wasSentEmpty } from './sent-empty.js';

const { codec } = core.v1.Secret;

describe('wasSentEmpty', () => {
  it('tells an optional map or list that was sent empty from one that was not sent', () => {
    const secret = codec.fromJson({ data: {}, metadata: { finalizers: [], labels: { a: 'b' } } });
    expect(Object.keys(secret)).toEqual(['metadata']);
    expect([wasSentEmpty(secret, 'data'), wasSentEmpty(secret, 'stringData')]).toEqual([true, false]);
    const { metadata } = secret;
    expect([wasSentEmpty(metadata, 'finalizers'), wasSentEmpty(metadata, 'labels')]).toEqual([true, false]);
  });

  it('does not take null for empty', () => {
    expect(wasSentEmpty(codec.fromJson({ data: null }), 'data')).toBe(false);
  });

  it('is false once there is something', () => {
    expect(wasSentEmpty({ ...codec.fromJson({ data: {} }), data: { a: '' } }, 'data')).toBe(false);
  });

  it('is known of a copy by spreading, and no longer of what was stored', () => {
    const secret = codec.fromJson({ data: {} });
    expect(wasSentEmpty({ ...secret }, 'data')).toBe(true);
    expect(wasSentEmpty(codec.decode(codec.encode(secret)), 'data')).toBe(false);
  });

  it('is not asked of what is always printed, which shows it', () => {
    expect(rbac.v1.Role.codec.fromJson({ rules: [] }).rules).toEqual([]);
  });
});

it('is shown as it was sent', () => {
  const secret = codec.fromJson({ data: {}, metadata: { finalizers: [] } });
  expect([shownAsSent(secret, 'data'), shownAsSent(secret.metadata, 'finalizers'), shownAsSent(secret, 'stringData')]).toEqual([
    {},
    [],
    null,
  ]);
  expect(shownAsSent(codec.fromJson({ data: { a: '' } }), 'data')).toEqual({ a: '' });
});
