import type { KubeObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { fillSystemMetadata, keepSystemMetadata, wipeSystemMetadata } from './system-metadata.js';

const now = '2025-01-01T00:00:00Z';

describe('system metadata', () => {
  it('of a new object is wiped and filled', () => {
    const object: KubeObject = {
      metadata: {
        name: 'x',
        labels: { a: 'b' },
        uid: 'forged',
        creationTimestamp: 'x',
        deletionTimestamp: 'x',
        deletionGracePeriodSeconds: 1,
        selfLink: '/',
      },
    };
    wipeSystemMetadata(object);
    expect(object.metadata).toEqual({ name: 'x', labels: { a: 'b' } });
    fillSystemMetadata(object, 'ns', now);
    expect(object.metadata).toEqual({
      name: 'x',
      namespace: 'ns',
      labels: { a: 'b' },
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creationTimestamp: now,
    });
  });

  it('has no namespace where there is none, and a name where one is to be generated', () => {
    const object: KubeObject = { metadata: { generateName: 'g-', namespace: 'ns' } };
    fillSystemMetadata(object, '', now);
    expect(object.metadata).not.toHaveProperty('namespace');
    expect(object.metadata.name).toMatch(/^g-.{5}$/);
    const named: KubeObject = { metadata: { name: 'mine', generateName: 'g-' } };
    fillSystemMetadata(named, '', now);
    expect(named.metadata.name).toBe('mine');
  });

  it('of an old object stays', () => {
    const old: KubeObject = {
      metadata: { name: 'x', uid: 'u', creationTimestamp: now, generation: 4, deletionTimestamp: now, deletionGracePeriodSeconds: 5 },
    };
    const object: KubeObject = { metadata: { name: 'x', creationTimestamp: 'x', generation: 9, deletionTimestamp: 'x', selfLink: '/' } };
    keepSystemMetadata(object, old);
    expect(object.metadata).toEqual(old.metadata);
  });

  it('that contradicts the old one is left for validation to refuse', () => {
    const object: KubeObject = { metadata: { name: 'x', uid: 'other', deletionGracePeriodSeconds: 9, generation: 2 } };
    keepSystemMetadata(object, { metadata: { name: 'x', uid: 'u', creationTimestamp: now } });
    expect(object.metadata).toEqual({ name: 'x', uid: 'other', deletionGracePeriodSeconds: 9, creationTimestamp: now });
  });
});
