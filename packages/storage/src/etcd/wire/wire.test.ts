import { describe, expect, it } from 'vitest';
import { etcdMessage as message, readEtcdMessage as read } from '../../testing/etcd/etcd-messages.js';
import { keySpan, prefixSpan } from '../key-span.js';
import { Slab } from '../slab.js';
import { encodeCompaction } from './compaction.js';
import { encodeLeaseGrant } from './lease.js';
import { decodeRange, encodeRange } from './range.js';
import { decodeStatusSize, decodeStatusVersion } from './status.js';
import { decodeConditionalWrite, encodeConditionalWrite } from './txn.js';
import { decodeWatchResponse, encodeWatchCreate, encodeWatchProgress } from './watch.js';

const slab = () => new Slab(1024);
const BIG = Number.MAX_SAFE_INTEGER;
const b64 = (text: string) => Buffer.from(text).toString('base64');

describe('requests', () => {
  it('range', () => {
    expect(read('RangeRequest', encodeRange({ span: keySpan('/a/b'), serializable: true, countOnly: true }))).toEqual({
      key: b64('/a/b'),
      serializable: true,
      countOnly: true,
    });
    const span = prefixSpan('/a/', '/a/c');
    expect(read('RangeRequest', encodeRange({ span, limit: 500, revision: BIG, keysOnly: true }))).toEqual({
      key: b64('/a/c\0'),
      rangeEnd: b64('/a0'),
      limit: 500,
      revision: BIG,
      keysOnly: true,
    });
  });

  it('conditional put', () => {
    const request = encodeConditionalWrite({ key: '/a', condition: { modRevision: BIG }, value: Buffer.from('v'), leaseId: BIG - 1 });
    expect(read('TxnRequest', request)).toEqual({
      compare: [{ target: 'Mod', key: b64('/a'), modRevision: BIG }],
      success: [{ requestPut: { key: b64('/a'), value: b64('v'), lease: BIG - 1 } }],
      failure: [{ requestRange: { key: b64('/a') } }],
    });
  });

  it('creation, with the condition that there is no revision', () => {
    const request = encodeConditionalWrite({ key: '/a', condition: { modRevision: 0 }, value: Buffer.alloc(0) });
    expect(read('TxnRequest', request)).toMatchObject({
      compare: [{ target: 'Mod', modRevision: 0 }],
      success: [{ requestPut: { key: b64('/a') } }],
    });
  });

  it('conditional delete, and a condition on the version', () => {
    expect(read('TxnRequest', encodeConditionalWrite({ key: '/a', condition: { version: 7 } }))).toEqual({
      // VERSION is the default target.
      compare: [{ key: b64('/a'), version: 7 }],
      success: [{ requestDeleteRange: { key: b64('/a') } }],
      failure: [{ requestRange: { key: b64('/a') } }],
    });
  });

  it('watch, progress, lease and compaction', () => {
    expect(read('WatchRequest', encodeWatchCreate(prefixSpan('/a/'), 5, true))).toEqual({
      createRequest: { key: b64('/a/'), rangeEnd: b64('/a0'), startRevision: 5, progressNotify: true, prevKv: true, fragment: true },
    });
    expect(read('WatchRequest', encodeWatchCreate(keySpan('/a'), 5, false))).toEqual({
      createRequest: { key: b64('/a'), startRevision: 5, progressNotify: true, fragment: true },
    });
    expect(read('WatchRequest', encodeWatchProgress())).toEqual({ progressRequest: {} });
    expect(read('LeaseGrantRequest', encodeLeaseGrant(BIG, 3660))).toEqual({ TTL: 3660, ID: BIG });
    expect(read('CompactionRequest', encodeCompaction(9))).toEqual({ revision: 9 });
  });
});

// Ids use all 64 bits.
const header = { clusterId: '14841639068965178418', memberId: '10276657743932975437', revision: BIG, raftTerm: 3 };
const kv = {
  key: Buffer.from('/ä'),
  createRevision: 2,
  modRevision: BIG - 1,
  version: 4,
  value: Buffer.from([0, 255]),
  lease: '7587883212297104937',
};
const kvRead = { key: '/ä', value: Buffer.from([0, 255]), modRevision: BIG - 1 };

describe('responses', () => {
  it('range', () => {
    const bytes = message('RangeResponse', {
      header,
      kvs: [kv, { key: Buffer.from('b'), modRevision: 3, version: 1 }],
      more: true,
      count: 70_000,
    });
    expect(decodeRange(bytes, slab())).toEqual({
      kvs: [
        { ...kvRead, version: 4 },
        { key: 'b', value: Buffer.alloc(0), modRevision: 3, version: 1 },
      ],
      count: 70_000,
      revision: BIG,
    });
  });

  it('conditional write that succeeded', () => {
    const bytes = message('TxnResponse', { header, succeeded: true, responses: [{ responsePut: { header } }] });
    expect(decodeConditionalWrite(bytes, slab())).toEqual({ succeeded: true, revision: BIG });
  });

  it('conditional write that failed, with and without a current value', () => {
    const failed = message('TxnResponse', { header, responses: [{ responseRange: { header, kvs: [kv], count: 1 } }] });
    expect(decodeConditionalWrite(failed, slab())).toEqual({ succeeded: false, revision: BIG, current: { ...kvRead, version: 4 } });
    const missing = message('TxnResponse', { header, responses: [{ responseRange: { header } }] });
    expect(decodeConditionalWrite(missing, slab())).toEqual({ succeeded: false, revision: BIG });
  });

  it('watch events', () => {
    const events = [
      { kv: { ...kv, version: 1 } },
      { kv, prevKv: { ...kv, modRevision: 7, value: Buffer.from('old') } },
      { type: 1, kv: { key: Buffer.from('x'), modRevision: 9 } },
    ];
    expect(decodeWatchResponse(message('WatchResponse', { header, watchId: 3, events, fragment: true }), slab())).toEqual({
      revision: BIG,
      watchId: 3,
      created: false,
      canceled: false,
      compactRevision: 0,
      cancelReason: '',
      fragment: true,
      events: [
        { type: 'put', created: true, ...kvRead },
        { type: 'put', created: false, ...kvRead, previous: { key: '/ä', value: Buffer.from('old'), modRevision: 7 } },
        { type: 'delete', created: false, key: 'x', modRevision: 9 },
      ],
    });
  });

  it('watch creation, cancellation, and answers for every watch', () => {
    expect(decodeWatchResponse(message('WatchResponse', { header, watchId: -1, created: true }), slab())).toMatchObject({
      watchId: -1,
      created: true,
    });
    const canceled = message('WatchResponse', { header, canceled: true, compactRevision: 55, cancelReason: 'why' });
    expect(decodeWatchResponse(canceled, slab())).toMatchObject({ canceled: true, compactRevision: 55, cancelReason: 'why' });
  });

  it('version', () => {
    expect(decodeStatusVersion(message('StatusResponse', { header, version: '3.5.21', leader: '10276657743932975437' }))).toBe('3.5.21');
  });

  it('size', () => {
    expect(decodeStatusSize(message('StatusResponse', { header, version: '3.5.21', dbSize: '8589934592' }))).toBe(8_589_934_592);
    expect(decodeStatusSize(message('StatusResponse', { header }))).toBe(0);
  });

  it('refuses revisions that do not fit, and messages that are cut off', () => {
    const beyond = message('RangeResponse', { header: { revision: '9007199254740993' } });
    expect(() => decodeRange(beyond, slab())).toThrow(RangeError);
    const whole = message('RangeResponse', { header, kvs: [kv] });
    for (let length = 1; length < whole.length; length++) {
      const cut = () => decodeRange(whole.subarray(0, length), slab());
      // A cut between two fields cannot be noticed.
      if (length !== whole.length && length !== whole.indexOf(18)) expect(cut).toThrow();
    }
  });
});
