import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { builtInKind } from '../kinds/built-in-kind.js';
import { restoreProblem } from './restore-problem.js';

const pod = builtInKind('v1', 'core.v1.Pod');
const containers = (container: Json) => ({ spec: { containers: [container] } });

describe('restoreProblem', () => {
  it.each<[Json, string | undefined]>([
    [{ metadata: { labels: { a: 'b' }, finalizers: null }, spec: null }, undefined],
    ['x', 'cannot restore struct from: string'],
    [{ metadata: [] }, 'cannot restore struct from: slice'],
    [{ metadata: { labels: 'invalid' } }, 'cannot restore map from string'],
    [{ metadata: { labels: 1.5 } }, 'cannot restore map from float64'],
    [{ metadata: { labels: { a: 1 } } }, 'cannot convert int64 to string'],
    [{ metadata: { labels: { a: 1.5 } } }, 'unrecognized type: string'],
    [{ metadata: { finalizers: {} } }, 'cannot restore slice from map'],
    [{ metadata: { ownerReferences: [{ uid: 5 }] } }, 'cannot convert int64 to types.UID'],
    [{ metadata: { creationTimestamp: 4 } }, 'json: cannot unmarshal number into Go value of type string'],
    [{ spec: { terminationGracePeriodSeconds: '5' } }, 'unrecognized type: int64'],
    [{ spec: { terminationGracePeriodSeconds: 1.5 } }, 'cannot convert float64 to int64'],
    [{ spec: { hostNetwork: 1 } }, 'unrecognized type: bool'],
    [{ spec: { restartPolicy: 1 } }, 'cannot convert int64 to v1.RestartPolicy'],
    [containers({ name: 'c', image: false }), 'unrecognized type: string'],
    [{ apiVersion: 5 }, 'cannot convert int64 to string'],
    // The first in the order of the type, wherever it stands in the object.
    [{ spec: { hostNetwork: 1 }, metadata: { labels: 1 } }, 'cannot restore map from int64'],
  ])('%j: %s', (value, problem) => {
    expect(restoreProblem(pod, value)).toBe(problem);
  });

  it('reads bytes', () => {
    const secret = builtInKind('v1', 'core.v1.Secret');
    expect(restoreProblem(secret, { data: { a: 'aGk=' } })).toBeUndefined();
    expect(restoreProblem(secret, { data: { a: '%%' } })).toBe('error decoding from json: illegal base64 data at input byte 0');
    expect(restoreProblem(secret, { data: { a: 5 } })).toBe('cannot restore slice from int64');
  });
});
