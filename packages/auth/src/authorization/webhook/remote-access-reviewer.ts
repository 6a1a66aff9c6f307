import type { RemoteServer } from '@keelson/machinery';
import { authorization } from '@keelson/schema';
import { ReviewWebhook } from '../../webhook/review-webhook.js';
import type { WebhookConfiguration } from '../configuration/authorizer-configuration.js';
import type { AccessReviewer } from './webhook-authorizer.js';

type Spec = authorization.v1.SubjectAccessReviewSpec;
type Status = authorization.v1.SubjectAccessReviewStatus;

/** What both versions of a review have in common. */
interface AccessReview {
  readonly metadata: object;
  readonly spec: Spec | authorization.v1beta1.SubjectAccessReviewSpec;
  readonly status: Status;
}

const REVIEWS = { v1: authorization.v1.SubjectAccessReview, v1beta1: authorization.v1beta1.SubjectAccessReview };

/** Asks another server, which need not be an API server. */
export class RemoteAccessReviewer implements AccessReviewer {
  readonly #webhook: ReviewWebhook<AccessReview>;
  readonly #version: WebhookConfiguration['reviewVersion'];

  constructor(server: RemoteServer, { reviewVersion, timeoutMs }: Pick<WebhookConfiguration, 'reviewVersion' | 'timeoutMs'>) {
    this.#webhook = new ReviewWebhook<AccessReview>({ server, kind: REVIEWS[reviewVersion], timeoutMs });
    this.#version = reviewVersion;
  }

  async review(spec: Spec, signal: AbortSignal): Promise<Status> {
    const asked = this.#version === 'v1' ? spec : betaSpec(spec);
    return (await this.#webhook.ask({ metadata: {}, spec: asked, status: { allowed: false } }, signal)).status;
  }
}

/** There the groups are called in the singular. */
function betaSpec({ groups, ...spec }: Spec): authorization.v1beta1.SubjectAccessReviewSpec {
  return { ...spec, ...(groups && { group: groups }) };
}
