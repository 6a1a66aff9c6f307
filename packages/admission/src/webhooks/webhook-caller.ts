import { randomUUID } from 'node:crypto';
import { type AdmissionAttributes, ApiError, badRequest, type Log, qualifiedName, type ServedVersion } from '@keelson/machinery';
import { WebhookCallError, WebhookRejection } from './call-error.js';
import { denial } from './denial.js';
import { type ReviewVersion, reviewRequest } from './review-request.js';
import { checkedResponse, type ReviewResponse, readReview } from './review-response.js';
import type { ReviewedObjects } from './reviewed-objects.js';
import type { Webhook } from './webhook.js';
import type { WebhookClient } from './webhook-client.js';

/** A webhook that is to be asked about a request, and the version in which it is to see the request's objects. */
export interface Invocation {
  readonly webhook: Webhook;
  readonly version: ServedVersion;
  readonly attributes: AdmissionAttributes;
  readonly objects: ReviewedObjects;
}

/** Asks webhooks. */
export class WebhookCaller {
  readonly #mutating: boolean;
  readonly #log: Log;

  constructor(mutating: boolean, log: Log) {
    this.#mutating = mutating;
    this.#log = log;
  }

  /**
   * What a webhook says, with its warnings and annotations passed on. Throws `WebhookRejection` when it says no,
   * `WebhookCallError` when it could not be asked, and what a client is answered when it must not be.
   */
  async call(invocation: Invocation): Promise<ReviewResponse> {
    const { webhook, attributes } = invocation;
    if (attributes.dryRun && !webhook.safeOnDryRun)
      throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
    const response = await this.#ask(invocation);
    this.#annotate(invocation, response.auditAnnotations);
    for (const warning of response.warnings) attributes.warn(warning);
    if (!response.allowed) throw new WebhookRejection(denial(webhook.name, response.status));
    return response;
  }

  #annotate({ webhook, attributes }: Invocation, annotations: ReviewResponse['auditAnnotations']): void {
    for (const [name, value] of Object.entries(annotations)) {
      const key = `${webhook.name}/${name}`;
      if (qualifiedName(key).length === 0) attributes.annotate(key, value);
      else this.#log.warn('an audit annotation of a webhook has no proper name', { webhook: webhook.name, key });
    }
  }

  async #ask(invocation: Invocation): Promise<ReviewResponse> {
    const { webhook, version, attributes, objects } = invocation;
    const { reviewVersion } = webhook;
    if (reviewVersion === undefined) {
      const why = 'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)';
      throw new WebhookCallError(webhook.name, why, 400);
    }
    const uid = randomUUID();
    const body = reviewRequest(uid, reviewVersion, attributes, version, objects);
    const { sent, response } = await this.#receive(invocation, body, reviewVersion);
    try {
      return checkedResponse(sent, response, { version: reviewVersion, uid, mutating: this.#mutating });
    } catch (error) {
      throw new WebhookCallError(webhook.name, `received invalid webhook response: ${messageOf(error)}`, 503, { cause: error });
    }
  }

  async #receive({ webhook, attributes }: Invocation, body: string, version: ReviewVersion) {
    const client = clientOf(webhook);
    if (webhook.breaker?.enter() === false)
      throw new WebhookCallError(webhook.name, 'it has failed several times in a row and is not asked for a while', 503, { called: false });
    try {
      return readReview(await this.#send(client, body, webhook, attributes), version);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 503;
      throw new WebhookCallError(webhook.name, `failed to call webhook: ${messageOf(error)}`, code, { cause: error });
    }
  }

  /** Whatever is answered, the webhook is there. */
  async #send(client: WebhookClient, body: string, { name, breaker, timeoutMs }: Webhook, attributes: AdmissionAttributes) {
    const { signal, deadlineAtMs } = attributes;
    const startedAtMs = performance.now();
    const leftMs = deadlineAtMs - startedAtMs;
    try {
      const answer = await client.send({ body, timeoutMs: Math.min(timeoutMs, leftMs), signal });
      breaker?.succeeded();
      return answer;
    } catch (error) {
      const endedWithRequest = signal.aborted || leftMs < timeoutMs;
      const opened = endedWithRequest ? breaker?.gaveUp(performance.now() - startedAtMs) : breaker?.failed();
      if (opened) this.#log.warn('a webhook is not asked for a while', { webhook: name, reason: messageOf(error) });
      throw error;
    }
  }
}

function clientOf(webhook: Webhook): WebhookClient {
  try {
    return webhook.client;
  } catch (error) {
    throw new WebhookCallError(webhook.name, `could not get REST client: ${messageOf(error)}`, 500, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
