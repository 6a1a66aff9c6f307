import { describe, expect, it } from 'vitest';
import { Change } from '../store/change.js';
import { StoredObject } from '../stored-object.js';
import { testIndexer } from '../testing/store/index.js';
import { ChangeRing } from './change-ring.js';

const LIMITS = { minChanges: 2, maxChanges: 100, maxBytes: 10_000, maxAgeMs: 60_000 };

function change(revision: number, bytes = 10): Change {
  return new Change(`p${revision}`, revision, new StoredObject(`p${revision}`, Buffer.alloc(bytes), revision, testIndexer), undefined);
}

function filled(ring: ChangeRing, from: number, to: number, bytes?: number): ChangeRing {
  for (let revision = from; revision <= to; revision++) ring.push(change(revision, bytes));
  return ring;
}

describe('ChangeRing', () => {
  it('finds the changes after a revision', () => {
    const ring = filled(new ChangeRing(LIMITS), 11, 20);
    expect([10, 11, 15, 20].map((revision) => ring.at(ring.firstAfter(revision))?.revision)).toEqual([11, 12, 16, undefined]);
  });

  it('is bounded by number, and knows where it begins', () => {
    const ring = filled(new ChangeRing(LIMITS), 1, 1000);
    expect([ring.length, ring.after, ring.at(ring.begin)?.revision, ring.end]).toEqual([100, 900, 901, 1000]);
    expect([ring.at(ring.begin - 1), ring.at(ring.end), ring.bytes]).toEqual([undefined, undefined, 1000]);
  });

  it('is bounded by bytes, but for a minimum', () => {
    expect(filled(new ChangeRing(LIMITS), 1, 50, 1000).length).toBe(10);
    expect(filled(new ChangeRing(LIMITS), 1, 50, 100_000).length).toBe(2);
  });

  it('lets old changes go, but for a minimum', () => {
    const ring = filled(new ChangeRing(LIMITS), 1, 50);
    ring.trim(performance.now() + 1000);
    expect(ring.length).toBe(50);
    ring.trim(performance.now() + 61_000);
    expect([ring.length, ring.after]).toEqual([2, 48]);
  });

  it('begins anew behind a revision, with sequence numbers that go on', () => {
    const ring = filled(new ChangeRing(LIMITS), 1, 10);
    ring.reset(30);
    filled(ring, 31, 32);
    expect([ring.after, ring.length, ring.begin, ring.end, ring.bytes]).toEqual([30, 2, 10, 12, 20]);
    expect([ring.at(9), ring.at(10)?.revision]).toEqual([undefined, 31]);
  });

  it('drops the frames of events that leave it', () => {
    const ring = new ChangeRing(LIMITS);
    const first = change(1);
    const event = first.seenBy(undefined);
    event?.encoded.set('json', Buffer.alloc(8));
    ring.push(first);
    filled(ring, 2, 200);
    expect(event?.encoded.get('json')).toBeUndefined();
  });
});
