import { askPatiently, formatDuration, formatGroupVersion, type RemoteServer } from '@keelson/machinery';
import { type AnswerScheme, decodeAnswer, type KindSchema, kinds } from '@keelson/schema';

export interface ReviewWebhookOptions<T extends object> {
  readonly server: RemoteServer;
  /** In which version reviews are sent and expected. */
  readonly kind: KindSchema<T>;
  /** From the connection to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** Groups that Kubernetes' clients do not know by themselves. */
const UNKNOWN_TO_CLIENTS: ReadonlySet<string> = new Set([
  'admission.k8s.io',
  'apidiscovery.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'audit.k8s.io',
  'imagepolicy.k8s.io',
]);

const scheme: AnswerScheme = {
  kinds: kinds.all.filter(({ group }) => !UNKNOWN_TO_CLIENTS.has(group)),
  name: 'k8s.io/client-go/kubernetes/scheme/register.go:84',
};

const headers = { Accept: 'application/json, */*', 'Content-Type': 'application/json' };

/** Asks another server for reviews, at its very URL: whose a token is, whether a request may be made. */
export class ReviewWebhook<T extends object> {
  readonly #options: ReviewWebhookOptions<T>;
  readonly #typeMeta: { readonly kind: string; readonly apiVersion: string };

  constructor(options: ReviewWebhookOptions<T>) {
    this.#options = options;
    this.#typeMeta = { kind: options.kind.kind, apiVersion: formatGroupVersion(options.kind) };
  }

  /** The review that is answered with, which may be nearly empty. Throws when there is none: see `isTransient`. */
  async ask(review: T, signal?: AbortSignal): Promise<T> {
    const { server, kind, timeoutMs } = this.#options;
    const body = JSON.stringify({ ...this.#typeMeta, ...review });
    const path = `?timeout=${formatDuration(BigInt(timeoutMs) * 1_000_000n)}`;
    const ended = signal && { signal };
    const attempt = (leftMs: number) => server.send({ path, body, headers, timeoutMs: leftMs, ...ended });
    const answer = await askPatiently(attempt, { timeoutMs, ...ended });
    return decodeAnswer(answer, kind, scheme).object;
  }
}
