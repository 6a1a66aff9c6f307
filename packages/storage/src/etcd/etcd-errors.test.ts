import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { verdictOn } from './etcd-errors.js';
import { CallError } from './transport/transport.js';

const verdict = (code: number, details: string, sent = true) => verdictOn(new CallError(code, details, sent));

describe('verdictOn', () => {
  it.each([
    [status.OUT_OF_RANGE, 'etcdserver: mvcc: required revision has been compacted', 'compacted'],
    [status.OUT_OF_RANGE, 'etcdserver: mvcc: required revision is a future revision', 'futureRevision'],
    [status.INVALID_ARGUMENT, 'etcdserver: request is too large', 'tooLarge'],
    [status.RESOURCE_EXHAUSTED, 'grpc: received message larger than max (3000000 vs. 2097152)', 'tooLarge'],
    [status.PERMISSION_DENIED, 'etcdserver: permission denied', 'unavailable'],
    [status.UNKNOWN, 'rpc error: code = PermissionDenied desc = etcdserver: permission denied', 'unavailable'],
    [status.INVALID_ARGUMENT, 'etcdserver: authentication failed, invalid user ID or password', 'unavailable'],
  ])('%d %s fails as %s, for good', (code, details, expected) => {
    expect(verdict(code, details)).toEqual({ code: expected, notApplied: true });
  });

  it.each([
    [status.UNAVAILABLE, 'etcdserver: no leader', 'elsewhere'],
    [status.RESOURCE_EXHAUSTED, 'etcdserver: too many requests', 'here'],
    [status.UNAUTHENTICATED, 'etcdserver: invalid auth token', 'login'],
  ])('%d %s was not applied and can be tried again (%s)', (code, details, retry) => {
    expect(verdict(code, details)).toEqual({ code: 'unavailable', retry, notApplied: true });
  });

  it.each([
    [status.UNAVAILABLE, 'etcdserver: request timed out, possibly due to previous leader failure'],
    [status.UNAVAILABLE, 'etcdserver: leader changed'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 4s'],
    [status.UNAVAILABLE, 'read ECONNRESET'],
    [status.CANCELLED, 'Call cancelled'],
    [status.INTERNAL, 'Received RST_STREAM with code 2'],
    [status.UNKNOWN, 'raft proposal dropped'],
  ])('%d %s may have been applied', (code, details) => {
    expect(verdict(code, details)).toMatchObject({ retry: 'elsewhere', notApplied: false });
  });

  it('knows that a write may be the one that took the last of the space', () => {
    const full = verdict(status.RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded');
    expect(full).toEqual({ code: 'ambiguous', notApplied: false });
  });

  it('knows that what was not sent was not applied', () => {
    expect(verdict(status.UNAVAILABLE, 'connect ECONNREFUSED', false)).toEqual({
      code: 'unreachable',
      retry: 'elsewhere',
      notApplied: true,
    });
  });
});
