import type { RemoteServer } from '@keelson/machinery';
import { type AnswerScheme, authorization, decodeAnswer } from '@keelson/schema';
import type { WebhookConfiguration } from '../configuration/authorizer-configuration.js';
import type { AccessReviewer } from './webhook-authorizer.js';

type Spec = authorization.v1.SubjectAccessReviewSpec;
type Status = authorization.v1.SubjectAccessReviewStatus;

const REVIEWS = { v1: authorization.v1.SubjectAccessReview, v1beta1: authorization.v1beta1.SubjectAccessReview };
/** As the clients of kube-apiserver call theirs. */
const SCHEME: AnswerScheme = { kinds: Object.values(REVIEWS), name: 'k8s.io/client-go/kubernetes/scheme/register.go:83' };

/** Asks at the very URL of the server, which need not be an API server. */
export class RemoteAccessReviewer implements AccessReviewer {
  readonly #server: RemoteServer;
  readonly #version: WebhookConfiguration['reviewVersion'];
  readonly #timeoutMs: number;

  constructor(server: RemoteServer, { reviewVersion, timeoutMs }: Pick<WebhookConfiguration, 'reviewVersion' | 'timeoutMs'>) {
    this.#server = server;
    this.#version = reviewVersion;
    this.#timeoutMs = timeoutMs;
  }

  async review(spec: Spec): Promise<Status> {
    const answer = await this.#server.send({
      path: `?timeout=${this.#timeoutMs / 1000}s`,
      headers: { Accept: 'application/json, */*', 'Content-Type': 'application/json' },
      body: this.#body(spec),
      timeoutMs: this.#timeoutMs,
    });
    return decodeAnswer<{ status: Status }>(answer, REVIEWS[this.#version], SCHEME).object.status;
  }

  #body(spec: Spec): string {
    return JSON.stringify({
      kind: 'SubjectAccessReview',
      apiVersion: `authorization.k8s.io/${this.#version}`,
      metadata: {},
      spec: this.#version === 'v1' ? spec : betaSpec(spec),
      status: { allowed: false },
    });
  }
}

/** There the groups are called in the singular. */
function betaSpec({ groups, ...spec }: Spec): authorization.v1beta1.SubjectAccessReviewSpec {
  return { ...spec, ...(groups && { group: groups }) };
}
