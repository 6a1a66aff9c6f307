import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { ApiError, type KubeObject } from '@keelson/machinery';
import { EncodedBodies, StorageError, StoredObject, type WatchEvent } from '@keelson/storage';
import { describe, expect, it } from 'vitest';
import { type KeelsonContext, RequestState } from '../http/context.js';
import { Counter } from '../metrics/registry/family.js';
import { MetricsRegistry } from '../metrics/registry/metrics-registry.js';
import { WatchMetrics } from '../metrics/requests/watch-metrics.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { createConfigMaps } from '../testing/resources.js';
import { objectForm } from './object-form.js';
import { WatchStream } from './watch-stream.js';

/** A response whose reader takes what it is given only when told to. */
class SlowResponse extends Writable {
  statusCode = 0;
  readonly headers: Record<string, unknown> = {};
  readonly writes: Buffer[] = [];
  isFlushed = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly takesAtOnce: boolean) {
    super({ highWaterMark: 1024 });
  }

  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }

  flushHeaders(): void {
    this.isFlushed = true;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.writes.push(chunk);
    if (this.takesAtOnce) done();
    else this.#waiting.push(done);
  }

  /** Takes what is waiting. */
  take(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  get text(): string {
    return Buffer.concat(this.writes).toString();
  }
}

const version = createConfigMaps().byApiVersion('v1') as ResourceVersion;
const watches = new WatchMetrics(new MetricsRegistry());
const form = objectForm(version, { media: 'application/json', viewVersion: 'v1', pretty: false }, '');

function setUp({ takesAtOnce = true, announceInitial = false } = {}) {
  const res = new SlowResponse(takesAtOnce);
  const state = new RequestState({} as IncomingMessage, res as unknown as ServerResponse);
  state.info = { ...state.info, namespace: 'a', verb: 'watch', isResourceRequest: true };
  const ctx = { state } as unknown as KeelsonContext;
  const instruments = { ...watches.of('', 'v1', 'configmaps'), events: new Counter(), terminated: new Counter() };
  const stream = new WatchStream(ctx, version, {
    form,
    instruments,
    announceInitial,
    toStatus: (error) => new ApiError(410, 'Expired', (error as Error).message),
  });
  return { res, instruments, state, stream };
}

function event(type: WatchEvent['type'], name: string, size = 0): WatchEvent {
  const { form: stored } = version.resource;
  const value = stored.encode({ metadata: { name }, ...(size > 0 && { data: { k: 'x'.repeat(size) } }) } as KubeObject);
  return { type, object: new StoredObject(`a/${name}`, value, 7, stored.indexer), revision: 7, encoded: new EncodedBodies() };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a watch stream', () => {
  it('sends its headers at once', () => {
    const { res, stream } = setUp();
    stream.open();
    expect([res.statusCode, res.headers['Content-Type'], res.isFlushed]).toEqual([200, 'application/json', true]);
  });

  it('writes the frames of one turn together', async () => {
    const { instruments, res, state, stream } = setUp();
    stream.event(event('ADDED', 'one'));
    stream.event(event('DELETED', 'two'));
    expect(res.writes).toHaveLength(0);
    await nextTurn();
    expect(res.writes).toHaveLength(1);
    expect(res.text).toBe(
      '{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"one","resourceVersion":"7"}}}\n' +
        '{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"two","resourceVersion":"7"}}}\n',
    );
    expect(state.responseBytes).toBe(res.text.length);
    expect(instruments.events.value).toBe(2);
  });

  it('makes a frame once for all watchers of a form', async () => {
    const [first, second] = [setUp(), setUp()];
    const shared = event('ADDED', 'one');
    first.stream.event(shared);
    second.stream.event(shared);
    await nextTurn();
    expect(second.res.writes[0]).toBe(first.res.writes[0]);
  });

  it('tells bookmarks, and the end of initial events to those who asked', async () => {
    const [plain, asking] = [setUp(), setUp({ announceInitial: true })];
    for (const { stream } of [plain, asking]) {
      stream.bookmark(5, true);
      stream.bookmark(6, false);
    }
    await nextTurn();
    const bookmark = '{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"6"}}}\n';
    expect(plain.res.text).toBe(bookmark);
    const end =
      '{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"5","annotations":{"k8s.io/initial-events-end":"true"}}}}\n';
    expect(asking.res.text).toBe(end + bookmark);
  });

  it('ends with the reason, behind what came before', async () => {
    const { res, stream } = setUp();
    stream.event(event('ADDED', 'one'));
    stream.end(new StorageError('compacted', 'gone'));
    await nextTurn();
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'gone', reason: 'Expired', code: 410 };
    const [, last] = res.text.split('\n');
    expect(JSON.parse(last ?? '')).toEqual({ type: 'ERROR', object: status });
    expect(res.writableFinished).toBe(true);
  });

  it('ends without a word when nothing is wrong, or nothing that is told', async () => {
    for (const error of [undefined, new StorageError('futureRevision', 'not yet')]) {
      const { res, stream } = setUp();
      stream.end(error);
      await nextTurn();
      expect([res.text, res.writableFinished]).toEqual(['', true]);
    }
  });

  it('takes nothing after its end', async () => {
    const { res, stream } = setUp();
    stream.close();
    stream.close();
    stream.event(event('ADDED', 'one'));
    stream.bookmark(5, false);
    stream.end(new StorageError('compacted', 'gone'));
    await nextTurn();
    expect(res.text).toBe('');
  });

  it('is cut when it holds more than it may', async () => {
    const { instruments, res, stream } = setUp({ takesAtOnce: false });
    for (let count = 1; count <= 16; count++) {
      stream.event(event('ADDED', 'big', 1024 * 1024));
      await nextTurn();
      expect([res.destroyed, instruments.terminated.value]).toEqual(count === 16 ? [true, 1] : [false, 0]);
    }
  });

  it('is ready for more until its reader is behind, and again when that has caught up', async () => {
    const { res, stream } = setUp({ takesAtOnce: false });
    expect(stream.ready()).toBeUndefined();
    stream.event(event('ADDED', 'small'));
    await nextTurn();
    expect(stream.ready()).toBeUndefined();
    stream.event(event('ADDED', 'big', 300 * 1024));
    const waiting = stream.ready();
    expect(waiting).toBeInstanceOf(Promise);
    res.take();
    await nextTurn();
    res.take();
    await waiting;
    expect(stream.ready()).toBeUndefined();
  });

  it('does not wait for a reader that goes', async () => {
    const { res, stream } = setUp({ takesAtOnce: false });
    stream.event(event('ADDED', 'big', 300 * 1024));
    const waiting = stream.ready();
    res.destroy();
    await waiting;
    expect(res.listenerCount('drain')).toBe(0);
  });
});
