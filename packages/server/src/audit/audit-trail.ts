import type { ObjectMeta, Status, UserInfo } from '@keelson/machinery';
import type { RequestState } from '../http/context.js';
import type { AuditMetrics } from '../metrics/audit-metrics.js';
import { AuditEvent, type ObjectJson, type ObjectReference, TRUNCATED } from './audit-event.js';
import { type AuditLevel, type AuditStage, hasRequest, hasResponse } from './audit-level.js';
import type { AuditBackend } from './backends/audit-backend.js';
import type { AuditRule } from './policy/audit-policy.js';
import { requestFields } from './request-fields.js';
import type { ResponseWatcher } from './response-watch.js';

export interface AuditTrailOptions {
  readonly rule: AuditRule;
  readonly backend: AuditBackend;
  readonly metrics: AuditMetrics;
  /** Who asks; undefined when nobody knows. */
  readonly user: UserInfo | undefined;
  /** The request is refused before it comes to be audited: its one event is made when the answer begins. */
  readonly refused?: boolean;
}

/** Of an answer that ended before it had begun: nobody was there any more. */
const CLOSED_EARLY: Partial<Status> = { status: 'Success', message: 'Connection closed early', code: 200 };

/** What becomes known of one audited request on its way, and the events that are made of it. */
export class AuditTrail implements ResponseWatcher {
  readonly #state: RequestState;
  readonly #options: AuditTrailOptions;
  readonly #fixed: ReturnType<typeof requestFields>;
  #reference: ObjectReference | undefined;
  #status: Partial<Status> | undefined;
  #requestObject: ObjectJson | undefined;
  #responseObject: ObjectJson | undefined;
  /** The last event that is still to be stored. */
  #storing: Promise<void> | undefined;
  #ended = false;

  constructor(state: RequestState, options: AuditTrailOptions) {
    this.#state = state;
    this.#options = options;
    this.#fixed = requestFields(state);
    this.#reference = this.#fixed.objectReference;
  }

  get wantsRequest(): boolean {
    return hasRequest(this.#options.rule.level);
  }

  get wantsResponse(): boolean {
    return hasResponse(this.#options.rule.level);
  }

  get omitsManagedFields(): boolean {
    return this.#options.rule.omitManagedFields;
  }

  /** What a request's object says of itself completes what the path says. */
  identify({ namespace, name, uid, resourceVersion }: ObjectMeta): void {
    const known = this.#reference;
    if (known === undefined) return;
    this.#reference = {
      ...known,
      namespace: known.namespace || namespace || undefined,
      name: known.name || name || undefined,
      uid: known.uid || uid || undefined,
      resourceVersion: known.resourceVersion || resourceVersion || undefined,
    };
  }

  /** Kept where the level has it. */
  requestObject(json: ObjectJson): void {
    if (this.wantsRequest) this.#requestObject = json;
  }

  responseObject(json: ObjectJson): void {
    if (this.wantsResponse) this.#responseObject = json;
  }

  /** The answer is too large to be recorded. */
  omitResponse(): void {
    this.#state.annotate(TRUNCATED, 'true');
  }

  /** The answer is a Status, or was one for somebody who is not told of it. */
  responseStatus({ status, message, reason, details, code }: Status): void {
    this.#status = {
      ...(status && { status }),
      ...(message && { message }),
      ...(reason && { reason }),
      ...(details && { details }),
      ...(code && { code }),
    };
  }

  /** Known before the answer is: it stays where the answer has no Status. */
  expectedMessage(message: string): void {
    this.#status = { message };
  }

  /** False: the request must not be served. */
  received(): Promise<boolean> | boolean {
    return this.#emit('RequestReceived');
  }

  /** Settles when all events so far are stored; undefined when nobody has to wait for that. */
  get storing(): Promise<void> | undefined {
    return this.#storing;
  }

  /** Makes no more events. */
  abandon(): void {
    this.#ended = true;
  }

  /** Something unforeseen was thrown: that is the last event. */
  panicked(error: Error): void {
    this.#ended = true;
    this.#status = { status: 'Failure', message: `APIServer panic'd: ${error.message}`, reason: 'InternalError', code: 500 };
    this.#store('Panic');
  }

  onHead(code: number): void {
    if (this.#ended) return;
    this.#status = { ...this.#status, code };
    const { refused = false } = this.#options;
    if (refused || this.#state.longRunning) this.#store('ResponseStarted');
    this.#ended = refused;
  }

  /** Whoever has to wait for the events does so before the answer ends: then they are there when it is read. */
  onEnd(finish: () => void): void {
    this.#end();
    if (this.#storing === undefined || this.#state.aborted) finish();
    else {
      this.#state.onAbort(finish);
      void this.#storing.then(finish);
    }
  }

  onCut(): void {
    if (this.#status === undefined) {
      this.onHead(200);
      this.#status = CLOSED_EARLY;
    }
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#noteDeprecation();
    this.#store('ResponseComplete');
  }

  #noteDeprecation(): void {
    const deprecation = this.#state.route?.deprecation;
    if (deprecation === undefined) return;
    this.#state.annotate('k8s.io/deprecated', 'true');
    if (deprecation.removedRelease !== '') this.#state.annotate('k8s.io/removed-release', deprecation.removedRelease);
  }

  #store(stage: AuditStage): void {
    const stored = this.#emit(stage);
    if (typeof stored === 'boolean') return;
    this.#storing = (this.#storing === undefined ? stored : Promise.all([this.#storing, stored])).then(() => undefined);
  }

  #emit(stage: AuditStage): Promise<boolean> | boolean {
    const { rule, backend, metrics } = this.#options;
    if (rule.omittedStages.has(stage)) return true;
    metrics.events.add();
    return backend.process(this.#event(stage));
  }

  #event(stage: AuditStage): AuditEvent {
    const { user, impersonator, startedAtMs } = this.#state;
    const { receivedAtMs } = this.#fixed;
    return new AuditEvent({
      ...this.#fixed,
      level: this.#options.rule.level,
      stage,
      user: this.#options.user,
      impersonatedUser: impersonator && user,
      objectReference: this.#reference,
      responseStatus: this.#status,
      requestObject: this.#requestObject,
      responseObject: this.#responseObject,
      stageAtMs: stage === 'RequestReceived' ? receivedAtMs : receivedAtMs + performance.now() - startedAtMs,
      annotations: annotationsAt(this.#options.rule.level, this.#state),
    });
  }
}

function annotationsAt(
  level: AuditLevel,
  { auditAnnotations, auditBodyAnnotations }: RequestState,
): ReadonlyMap<string, string> | undefined {
  if (auditBodyAnnotations === undefined || !hasRequest(level)) return auditAnnotations;
  return new Map([...(auditAnnotations ?? []), ...auditBodyAnnotations]);
}
