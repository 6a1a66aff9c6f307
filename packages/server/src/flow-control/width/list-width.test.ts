import { describe, expect, it } from 'vitest';
import { requestState } from '../testing/request-state.js';
import { listWidth } from './list-width.js';

/** Ten megabytes stored. */
const size = { objects: 10_000, bytes: 10_000_000, isText: false };
const small = { objects: 10, bytes: 250_000, isText: false };
const json = { accept: 'application/json' };
const protobuf = { accept: 'application/vnd.kubernetes.protobuf' };

function seats(url: string, headers: Record<string, string> = protobuf, { of = size, widest = 1000 } = {}) {
  return listWidth(requestState('GET', url, headers), of, widest).seats;
}

describe('the seats of a list', () => {
  it('are those of what it will write', () => {
    expect(seats('/api/v1/pods')).toBe(100);
    expect(seats('/api/v1/pods', protobuf, { of: small })).toBe(3);
    expect(seats('/api/v1/pods', json, { of: small })).toBe(4); // longer than what is stored
    expect(seats('/apis/a.example.com/v1/things', json, { of: { ...small, isText: true } })).toBe(3);
  });

  it('are fewer with a limit, unless the list comes whole in any case', () => {
    expect(seats('/api/v1/pods?limit=500')).toBe(5);
    expect(seats('/api/v1/pods?limit=500&resourceVersion=0')).toBe(100);
    expect(seats('/api/v1/pods?limit=0')).toBe(100);
    expect(seats('/api/v1/pods?limit=100000')).toBe(100);
  });

  it('are fewer with a selector', () => {
    expect(seats('/api/v1/pods?labelSelector=a%3Db')).toBe(10);
    expect(seats('/api/v1/pods?fieldSelector=spec.nodeName%3Dn')).toBe(10);
    expect(seats('/api/v1/pods?fieldSelector=metadata.name%3Dn')).toBe(1);
  });

  it('are no more than the level lets one request have', () => {
    expect(seats('/api/v1/pods', json, { widest: 7 })).toBe(7);
    expect(seats('/api/v1/pods', json)).toBe(100);
  });

  it('are one where nothing is there, or nothing known', () => {
    expect(seats('/api/v1/pods', json, { of: { objects: 0, bytes: 0, isText: false } })).toBe(1);
    expect(listWidth(requestState('GET', '/api/v1/pods'), undefined).seats).toBe(1);
  });
});
