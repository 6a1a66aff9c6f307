import type { ApiError, KubeObject, Status } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import { envelopePrefix, meta, wrap } from '@keelson/schema';
import { isStorageError, type Revision, StoredObject, type WatchEvent, type WatchSink } from '@keelson/storage';
import type { WebSocket } from 'ws';
import { acceptWebSocket, isWebSocketRequest } from '../http/accept-websocket.js';
import type { KeelsonContext } from '../http/context.js';
import type { WatchInstruments } from '../metrics/requests/watch-metrics.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { chunk, type FrameOutput, frameOutput, message } from './frame-output.js';
import type { ObjectForm } from './object-form.js';
import { atTurnEnd, type Deferred } from './turn-end.js';
import { drained, wire } from './wire.js';

/** A watcher whose unsent bytes exceed this is closed; it resumes from the last revision it saw. */
const UNSENT_LIMIT_BYTES = 16 * 1024 * 1024;
/** A watcher that catches up is written to in pieces of about this size. */
const CATCH_UP_BYTES = 256 * 1024;
/** Before each frame of protobuf on a stream; a message has a length of its own. */
const LENGTH_BYTES = 4;

export interface WatchStreamOptions {
  readonly form: ObjectForm;
  /** The client asked for initial events by name, and wants to know where they end. */
  readonly announceInitial: boolean;
  toStatus(error: unknown): ApiError;
  readonly instruments?: WatchInstruments | undefined;
}

/**
 * One open watch. Frames of one turn of the loop leave in one write; a frame is made once per event and form, by the
 * first watcher that needs it. Never makes the dispatcher wait.
 */
export class WatchStream implements WatchSink, Deferred {
  readonly #ctx: KeelsonContext;
  readonly #version: ResourceVersion;
  readonly #form: ObjectForm;
  readonly #announceInitial: boolean;
  readonly #toStatus: (error: unknown) => ApiError;
  readonly #instruments: WatchInstruments | undefined;
  #frames: Buffer[] = [];
  /** Length of the collected frames. */
  #bytes = 0;
  #scheduled = false;
  #closed = false;
  #output: FrameOutput;
  #webSocket: WebSocket | undefined;

  constructor(ctx: KeelsonContext, version: ResourceVersion, options: WatchStreamOptions) {
    const { form, announceInitial, toStatus, instruments } = options;
    this.#ctx = ctx;
    this.#version = version;
    this.#form = form;
    this.#announceInitial = announceInitial;
    this.#toStatus = toStatus;
    this.#instruments = instruments;
    this.#output = { out: wire(ctx.state), framing: 'plain' };
  }

  /** Sends the headers at once: clients wait for them before they trust the watch. False where the client is refused. */
  open(): boolean {
    if (isWebSocketRequest(this.#ctx)) return this.#openWebSocket();
    this.#ctx.respond = false;
    const { res } = this.#ctx.state;
    res.statusCode = 200;
    res.setHeader('Content-Type', this.#form.watchContentType);
    res.flushHeaders();
    this.#output = frameOutput(this.#ctx.state);
    return true;
  }

  /** Subprotocols mean nothing here; browsers offer one beside their token. */
  #openWebSocket(): boolean {
    const accepted = acceptWebSocket(this.#ctx, (offered) => (offered.length > 1 ? undefined : offered[0]));
    if (accepted === undefined) return false;
    this.#webSocket = accepted.socket;
    this.#output = { out: accepted.connection, framing: 'message' };
    return true;
  }

  ready(): Promise<void> | undefined {
    if (this.#bytes >= CATCH_UP_BYTES) this.#flush();
    const { out } = this.#output;
    return out.writableNeedDrain && !this.#closed ? drained(this.#ctx.state, out) : undefined;
  }

  event(event: WatchEvent): void {
    const key = this.#form.frameKeys?.[this.#output.framing];
    let frame = key === undefined ? undefined : event.encoded.get(key);
    if (frame === undefined) {
      frame = this.#framed(this.#form.frame(event.type, event.object));
      if (key !== undefined) event.encoded.set(key, frame);
    }
    this.#push(frame);
  }

  /** The end of initial events is told only to those who take bookmarks. */
  bookmark(revision: Revision, initial: boolean): void {
    if (initial) this.#ctx.state.onWatchBegun?.();
    if (initial && !this.#announceInitial) return;
    this.#push(this.#framed(this.#form.frame('BOOKMARK', bookmarkObject(this.#version, revision, initial))));
    if (initial) this.#instruments?.listed(this.#ctx.state);
  }

  /** A revision that has not happened yet is no failure to tell: the client finds the stream ended, as upstream has it. */
  end(error?: Error): void {
    if (error !== undefined && !isStorageError(error, 'futureRevision')) this.#push(this.#framed(this.#errorFrame(error)));
    this.close();
  }

  /** Ends the response after what is already collected. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    if (this.#webSocket === undefined) this.#ctx.state.res.end();
    else this.#webSocket.close();
  }

  #errorFrame(error: Error): Buffer {
    const { status } = this.#toStatus(error);
    return this.#form.errorFrame({ json: formatJson(status), protobuf: statusEnvelope(status) });
  }

  #framed(frame: Buffer): Buffer {
    const { framing } = this.#output;
    if (framing !== 'message') return framing === 'chunked' ? chunk(frame) : frame;
    return this.#form.watchContentType === 'application/json' ? message(frame, true) : message(frame.subarray(LENGTH_BYTES), false);
  }

  #push(frame: Buffer): void {
    if (this.#closed) return;
    this.#count(frame);
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    atTurnEnd(this);
  }

  #count(frame: Buffer): void {
    const instruments = this.#instruments;
    if (instruments === undefined) return;
    instruments.events.value++;
    instruments.sizes.observe(frame.length);
  }

  turnEnds(): void {
    this.#scheduled = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#closed || this.#frames.length === 0) return;
    const frames = this.#frames;
    const { out } = this.#output;
    this.#ctx.state.responseBytes += this.#bytes;
    out.write(frames.length === 1 ? frames[0] : Buffer.concat(frames, this.#bytes));
    this.#frames = [];
    this.#bytes = 0;
    if (out.writableLength > UNSENT_LIMIT_BYTES) {
      this.#closed = true;
      this.#instruments?.terminated.add();
      if (this.#webSocket === undefined) this.#ctx.state.res.destroy();
      else this.#webSocket.terminate();
    }
  }
}

const STATUS_PREFIX = envelopePrefix('v1', 'Status');

function statusEnvelope(status: Status): Buffer {
  return wrap(STATUS_PREFIX, meta.v1.Status.codec.encode(status as unknown as KubeObject));
}

/** An otherwise empty object that carries the revision (KEP-956), and the end of initial events (KEP-3157). */
function bookmarkObject(version: ResourceVersion, revision: Revision, initial: boolean): StoredObject {
  const { form } = version.resource;
  const metadata = initial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  return new StoredObject('', form.encode({ metadata }), revision, form.indexer);
}
