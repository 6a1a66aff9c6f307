import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  type Backoff,
  ExpiringLruMap,
  type Log,
  type RemoteAccess,
  RemoteServer,
  retry,
  reviewBackoff,
} from '@keelson/machinery';
import { type AnswerScheme, decodeAnswer, imagepolicy } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import type { ImagePolicySettings } from './image-policy-settings.js';
import { imageReviewSpec } from './image-review.js';

type Spec = imagepolicy.v1alpha1.ImageReviewSpec;
type Status = imagepolicy.v1alpha1.ImageReviewStatus;

const { ImageReview } = imagepolicy.v1alpha1;
const AUDIT_PREFIX = 'imagepolicywebhook.image-policy.k8s.io/';
const MAX_KEPT = 1024;
/** For everything, the answer included. */
const TIMEOUT_MS = 30_000;
const HEADERS = { Accept: 'application/json, */*', 'Content-Type': 'application/json' };
const scheme: AnswerScheme = { kinds: [ImageReview], name: 'pkg/api/legacyscheme/scheme.go:30' };

/** Another server says whether the images of a pod may be used. */
export class ImagePolicyWebhook implements AdmissionPlugin {
  readonly name = 'ImagePolicyWebhook';
  readonly handles = onCreateAndUpdate;
  readonly #settings: ImagePolicySettings;
  readonly #server: RemoteServer;
  readonly #backoff: Backoff;
  readonly #log: Log;
  readonly #kept: ExpiringLruMap<string, Status>;

  constructor(settings: ImagePolicySettings, access: RemoteAccess, log: Log, nowMs = () => performance.now()) {
    this.#settings = settings;
    this.#server = new RemoteServer(access);
    this.#backoff = { ...reviewBackoff, firstPauseMs: settings.retryBackoffMs };
    this.#log = log;
    this.#kept = new ExpiringLruMap(MAX_KEPT, nowMs);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const spec = imageReviewSpec(attributes);
    if (spec === undefined) return;
    const status = await this.#review(attributes, spec);
    if (status === undefined) return;
    for (const [key, value] of Object.entries(status.auditAnnotations ?? {})) attributes.annotate(`${AUDIT_PREFIX}${key}`, value);
    if (!status.allowed) throw refusedWrite(attributes, denial(status));
  }

  /** Undefined when there is no answer and none is needed. */
  async #review(attributes: AdmissionAttributes, spec: Spec): Promise<Status | undefined> {
    const question = JSON.stringify(spec);
    const kept = this.#kept.get(question);
    if (kept !== undefined) return kept;
    try {
      const status = await retry(() => this.#ask(spec, attributes.signal), this.#backoff);
      this.#kept.set(question, status, status.allowed ? this.#settings.allowTtlMs : this.#settings.denyTtlMs);
      return status;
    } catch (error) {
      return this.#unanswered(attributes, error as Error);
    }
  }

  async #ask(spec: Spec, signal: AbortSignal): Promise<Status> {
    const review = { kind: 'ImageReview', apiVersion: 'imagepolicy.k8s.io/v1alpha1', metadata: {}, spec, status: { allowed: false } };
    const answer = await this.#server.send({ body: JSON.stringify(review), headers: HEADERS, timeoutMs: TIMEOUT_MS, signal });
    return decodeAnswer(answer, ImageReview, scheme).object.status;
  }

  #unanswered(attributes: AdmissionAttributes, error: Error): undefined {
    const { defaultAllow } = this.#settings;
    this.#log.info(2, 'error contacting webhook backend', { error, allowed: defaultAllow });
    if (!defaultAllow) throw refusedWrite(attributes, error.message);
    attributes.annotate(`${AUDIT_PREFIX}failed-open`, 'true');
  }
}

function denial({ reason }: Status): string {
  return reason ? `image policy webhook backend denied one or more images: ${reason}` : 'one or more images rejected by webhook backend';
}
