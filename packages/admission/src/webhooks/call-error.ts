import type { ApiError } from '@keelson/machinery';

/** A webhook could not be asked, or gave no proper answer: its failure policy says what that means. */
export class WebhookCallError extends Error {
  override readonly name = 'WebhookCallError';
  /** What the failure is counted as. */
  readonly code: number;
  /** False when it was not even tried. */
  readonly called: boolean;

  constructor(webhook: string, reason: string, code: number, { cause, called = true }: { cause?: unknown; called?: boolean } = {}) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${reason}`, { cause });
    this.code = code;
    this.called = called;
  }
}

/** A webhook has said no: the client is answered what it said. */
export class WebhookRejection extends Error {
  override readonly name = 'WebhookRejection';
  readonly answer: ApiError;

  constructor(answer: ApiError) {
    super(answer.message, { cause: answer });
    this.answer = answer;
  }
}
