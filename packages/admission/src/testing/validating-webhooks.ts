import { ApiError, type KubeObject } from '@keelson/machinery';
import type { WebhookSpec } from '../webhooks/webhook.js';
import type { ConditionsOutcome } from '../webhooks/webhook-events.js';
import type { WebhookHost } from '../webhooks/webhook-host.js';
import { validatingWebhooks } from '../webhooks/webhook-plugins.js';
import { failureOf, pods } from './attributes.js';
import { hostOf } from './host.js';
import { type RecordedRequest, recordedRequest } from './recorded-request.js';

/** What was told of calls, a line each. */
export interface Counted {
  readonly calls: string[];
}

/** The plugin with these webhooks in one configuration. */
export async function plugin(webhooks: readonly WebhookSpec[], counted?: Counted, more: Partial<WebhookHost> = {}) {
  const configuration = { metadata: { name: 'checks' }, webhooks } as KubeObject;
  const host = hostOf({ validatingwebhookconfigurations: [configuration] });
  const count = (...what: unknown[]) => void counted?.calls.push(what.join(' '));
  const events = {
    called: (name: string, type: string, operation: string, code: number, rejected: boolean) =>
      count('called', name, type, operation, code, rejected),
    rejected: (name: string, type: string, operation: string, why: string, code: number) =>
      count('rejected', name, type, operation, why, code),
    failedOpen: (name: string, type: string) => count('failedOpen', name, type),
    conditionsEvaluated: (name: string, type: string, operation: string, { failed, excludes }: ConditionsOutcome) =>
      count('conditions', name, type, operation, failed, excludes),
  };
  return validatingWebhooks({ ...host, webhooks: { ...host.webhooks, events, ...more } });
}

export const pod = (): KubeObject => ({ metadata: { name: 'p', namespace: 'a' } });
export const creation = (more: Parameters<typeof recordedRequest>[3] = {}) => recordedRequest(pods, 'CREATE', pod(), more);

/** How a request ends with one webhook. */
export async function outcome(spec: WebhookSpec, request: RecordedRequest = creation()): Promise<string> {
  const error = await failureOf(async () => (await plugin([spec])).validate(request));
  if (error === undefined) return 'admitted';
  return error instanceof ApiError ? `${error.code} ${error.reason}: ${error.message}` : String(error);
}
