import { ApiError, formatJson, type Status, type StatusDetails } from '@keelson/machinery';
import { meta } from '@keelson/schema';
import { auditStatus } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import { writeDocument } from './document.js';
import { indentJson } from './indent-json.js';
import { type Negotiated, plainNegotiator } from './negotiate.js';
import { sendBody } from './send.js';

/** A `Status` in the form the client accepts; JSON for people when it accepts none, so that an error can always be told. */
export function writeStatus(ctx: KeelsonContext, status: Status): void {
  const code = status.code ?? 200;
  const form = acceptedForm(ctx);
  if (form === undefined) sendBody(ctx, code, 'application/json', Buffer.from(indentJson(formatJson(status))));
  else writeStatusOrWhyNot(ctx, code, status, form);
}

/** There are texts that a form cannot hold. */
function writeStatusOrWhyNot(ctx: KeelsonContext, code: number, status: Status, form: Negotiated): void {
  try {
    writeStatusIn(ctx, code, status, form);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    writeStatusIn(ctx, error.code, error.status, form);
  }
}

/** A Status in the form that was agreed on. */
export function writeStatusIn(ctx: KeelsonContext, code: number, status: Status, form: Negotiated): void {
  auditStatus(ctx, status);
  writeDocument(ctx, code, status, meta.v1.Status, form);
}

function acceptedForm(ctx: KeelsonContext): Negotiated | undefined {
  try {
    return plainNegotiator.negotiate(ctx);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
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
