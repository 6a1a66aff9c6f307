/** How often something is tried, and how long it waits in between. */
export interface Backoff {
  readonly firstMs: number;
  /** Each wait is this much longer than the one before. */
  readonly factor: number;
  /** At most this part of a wait is added to it at random. */
  readonly jitter: number;
  readonly attempts: number;
}

/** Kubernetes' for webhooks that review tokens and requests. */
export const webhookBackoff: Backoff = { firstMs: 500, factor: 1.5, jitter: 0.2, attempts: 5 };

/** Waits between attempts. */
export function* waitsMs({ firstMs, factor, jitter, attempts }: Backoff): Iterable<number> {
  for (let ms = firstMs, waits = attempts - 1; waits > 0; waits--, ms *= factor) yield ms * (1 + Math.random() * jitter);
}
