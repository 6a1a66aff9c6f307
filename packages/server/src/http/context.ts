import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { UserInfo } from '@keelson/machinery';
import type Koa from 'koa';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { RequestInfo } from '../filters/request-info.js';
import type { FlowSchema } from '../flow-control/classification/flow-schema.js';
import type { RouteInstruments } from '../metrics/requests/request-metrics.js';
import { Query } from './query.js';
import { WarningRecorder } from './warning-recorder.js';

/** koa's context with our state. `ctx.req` and `ctx.res` are the HTTP/2 compatibility objects on an h2 connection. */
export type KeelsonContext = Koa.ParameterizedContext<RequestState, object>;

/** Undefined when the work was done synchronously: a request that never waits costs no promise. */
export type Outcome = Promise<void> | undefined;

/** Answers a request. */
export type Handler = (ctx: KeelsonContext) => Outcome;

/** A koa middleware that passes on what `next` returns, so that a chain without waiting stays synchronous. */
export type Filter = (ctx: KeelsonContext, next: () => Outcome) => Outcome;

/** A connection that left HTTP by an Upgrade request: `head` are the bytes already read behind the request. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  readonly head: Buffer;
}

const unknownInfo: RequestInfo = {
  isResourceRequest: false,
  verb: '',
  path: '',
  apiPrefix: '',
  apiGroup: '',
  apiVersion: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  parts: [],
  fieldSelector: '',
  labelSelector: '',
};

/** One for all: an Error is costly to make, and nobody reads the stack of this one. */
const clientLeftReason = new Error('the client has gone');

/** What most requests have. */
const noListeners: (() => void)[] = [];

const nobody: UserInfo = { name: '', groups: [] };

/** One request on its way through filters and verbs. Every field exists from the start, so all states share one shape. */
export class RequestState {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** `performance.now()` when the request's headers were complete. */
  readonly startedAtMs: number;
  /** Set by an HTTP/1.1 Upgrade; whoever takes it over answers on the socket. */
  readonly upgrade: UpgradedConnection | undefined;
  info: RequestInfo = unknownInfo;
  /** Watch, proxy, exec, attach, port-forward, log: no deadline, not counted as in flight for overload. */
  longRunning = false;
  /** When the request is ended by 504, by `performance.now()`; Infinity until its deadline is known. */
  deadlineAtMs = Number.POSITIVE_INFINITY;
  user: UserInfo = nobody;
  /** Who sent a request that is taken for another user's. */
  impersonator: UserInfo | undefined = undefined;
  auditId = '';
  /** Where it is noted what becomes of the request; undefined when it is not audited. */
  audit: AuditTrail | undefined = undefined;
  /** What the stages of the request noted for its audit events; undefined when nothing was. */
  auditAnnotations: Map<string, string> | undefined = undefined;
  /** The same for those of its audit events that show its body. */
  auditBodyAnnotations: Map<string, string> | undefined = undefined;
  /** The schema that flow control has counted it to; undefined where none does. */
  flow: FlowSchema | undefined = undefined;
  /** Called when nobody works on the request any more: its answer may have left long before. */
  onWorkDone: (() => void) | undefined = undefined;
  /** Called by a watch when it has told what there was: from then on it costs little. */
  onWatchBegun: (() => void) | undefined = undefined;
  /** Where this request is counted; set by dispatch from what was made when the route was registered. */
  route: RouteInstruments | undefined = undefined;
  /** Length of the request's body; -1 as long as it has not been read to its end. */
  bodyBytes = -1;
  /** When the filter that is passed through was begun, by `performance.now()`. */
  filterSinceMs = 0;
  /** Length of the answer's body as sent; set by whoever writes it. */
  responseBytes = 0;
  /** A filter has answered in place of the verb (deadline); whatever the verb writes later is to be dropped. */
  abandoned = false;
  /** A failure is being told in place of whatever else would have been written. */
  failed = false;
  #query: Query | undefined;
  #warnings: WarningRecorder | undefined;
  #abort: AbortController | undefined;
  #abortListeners: (() => void)[] = noListeners;
  #aborted = false;
  #abortReason: unknown;
  #clientGone = false;

  constructor(req: IncomingMessage, res: ServerResponse, upgrade?: UpgradedConnection) {
    this.req = req;
    this.res = res;
    this.upgrade = upgrade;
    this.startedAtMs = performance.now();
  }

  get query(): Query {
    if (this.#query === undefined) {
      const url = this.req.url ?? '';
      const mark = url.indexOf('?');
      this.#query = mark < 0 ? Query.empty : new Query(url.slice(mark + 1));
    }
    return this.#query;
  }

  /** The raw stream on HTTP/2, for those who write frames themselves; undefined on HTTP/1.1. */
  get stream(): ServerHttp2Stream | undefined {
    return (this.res as unknown as Http2ServerResponse).stream as ServerHttp2Stream | undefined;
  }

  /** Aborted when the client has gone, the deadline has passed (`reason` is the 504), or the server stops waiting. Made when first asked for. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#aborted) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get abortReason(): unknown {
    return this.#abortReason;
  }

  /** Calls `listener` when the request is aborted from now on: what `signal` would tell, without the cost of one. */
  onAbort(listener: () => void): void {
    if (this.#abortListeners === noListeners) this.#abortListeners = [listener];
    else this.#abortListeners.push(listener);
  }

  offAbort(listener: () => void): void {
    const at = this.#abortListeners.indexOf(listener);
    if (at >= 0) this.#abortListeners.splice(at, 1);
  }

  /** The connection or stream closed before the answer was complete: nobody is left to read one. */
  get clientGone(): boolean {
    return this.#clientGone;
  }

  clientLeft(): void {
    this.#clientGone = true;
    this.abort(clientLeftReason);
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    this.#abort?.abort(reason);
    const listeners = this.#abortListeners;
    this.#abortListeners = noListeners;
    for (const listener of listeners) listener();
  }

  /** Notes something for the audit events of this request; a key's first value stays. */
  annotate(key: string, value: string, level: 'Metadata' | 'Request' = 'Metadata'): void {
    if (this.auditAnnotations?.has(key) || this.auditBodyAnnotations?.has(key)) return;
    if (level === 'Request') {
      this.auditBodyAnnotations ??= new Map();
      this.auditBodyAnnotations.set(key, value);
    } else {
      this.auditAnnotations ??= new Map();
      this.auditAnnotations.set(key, value);
    }
  }

  /** Adds a Warning header (once per text); without effect when the headers have left. */
  warn(text: string): void {
    this.#warnings ??= new WarningRecorder(this.res);
    this.#warnings.add(text);
  }
}
