import { ApiError, type Status, type StatusDetails } from '@keelson/machinery';
import { meta } from '@keelson/schema';
import type { KeelsonContext } from '../http/context.js';
import { writeDocument } from './document.js';
import { type Negotiated, plainNegotiator } from './negotiate.js';

const JSON_FORM: Negotiated = { media: 'application/json', viewVersion: 'v1', pretty: false };

/** A `Status` in the form the client accepts; JSON when it accepts none, so that an error can always be told. */
export function writeStatus(ctx: KeelsonContext, status: Status): void {
  writeDocument(ctx, status.code ?? 200, status, meta.v1.Status, errorForm(ctx));
}

function errorForm(ctx: KeelsonContext): Negotiated {
  try {
    return plainNegotiator.negotiate(ctx);
  } catch (error) {
    if (error instanceof ApiError) return JSON_FORM;
    throw error;
  }
}

/** What most deletions answer. */
export function successStatus(details: StatusDetails): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** What virtual resources and actions answer that have nothing else to say: binding, eviction. */
export function createdStatus(): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

export function isStatus(answer: object): answer is Status {
  return 'kind' in answer && answer.kind === 'Status';
}
