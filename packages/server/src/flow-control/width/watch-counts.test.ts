import { expect, it } from 'vitest';
import { requestState } from '../testing/request-state.js';
import { WatchCounts } from './watch-counts.js';

const info = (url: string, method = 'GET') => requestState(method, url).info;

it('counts who has to be told of a write: watchers of everything, of its namespace, of the object', () => {
  const counts = new WatchCounts();
  const interested = (url: string) => counts.interestedIn(info(url, 'PUT'));
  const forget = [
    '/api/v1/pods?watch=1',
    '/api/v1/namespaces/a/pods?watch=1',
    '/api/v1/namespaces/a/pods?watch=1&fieldSelector=metadata.name%3Dx',
    '/api/v1/namespaces/a/configmaps?watch=1',
  ].map((url) => counts.add(info(url)));
  const all = () => ['a/pods/x', 'a/pods/y', 'b/pods/x', 'a/configmaps/x'].map((path) => interested(`/api/v1/namespaces/${path}`));
  expect(all()).toEqual([3, 2, 1, 1]);
  forget[0]?.();
  expect(all()).toEqual([2, 1, 0, 1]);
  for (const one of forget.slice(1)) one?.();
  expect(all()).toEqual([0, 0, 0, 0]);
});

it('does not count those who want the pods of one node', () => {
  const counts = new WatchCounts();
  expect(counts.add(info('/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn'))).toBeUndefined();
  expect(counts.add(info('/api/v1/pods?watch=1&fieldSelector=spec.nodeName!%3Dn'))).toBeInstanceOf(Function);
  expect(counts.interestedIn(info('/api/v1/namespaces/a/pods/x', 'PUT'))).toBe(1);
});
