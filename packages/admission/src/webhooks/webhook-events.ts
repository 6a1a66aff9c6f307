import type { AdmissionAttributes } from '@keelson/machinery';

type Operation = AdmissionAttributes['operation'];

/** What metrics call the two kinds of webhooks. */
export type WebhookType = 'admit' | 'validating';

/** Why a request was refused: a webhook could not be asked, this server failed, or a webhook said no. */
export type RejectionError = 'calling_webhook_error' | 'apiserver_internal_error' | 'no_error';

export interface ConditionsOutcome {
  /** Some of them could not be evaluated, and the others leave the question open. */
  readonly failed: boolean;
  /** The webhook is not asked because of them. */
  readonly excludes: boolean;
}

/** Counts what webhooks do. */
export interface WebhookEvents {
  /** `code`: 200 where it allowed, what it said where it denied, what the failure is counted as, or 0. */
  called(webhook: string, type: WebhookType, operation: Operation, code: number, rejected: boolean, durationMs: number): void;
  rejected(webhook: string, type: WebhookType, operation: Operation, error: RejectionError, code: number): void;
  failedOpen(webhook: string, type: WebhookType): void;
  conditionsEvaluated(webhook: string, type: WebhookType, operation: Operation, outcome: ConditionsOutcome, durationMs: number): void;
}
