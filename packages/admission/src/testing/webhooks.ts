import type { WebhookSpec } from '../webhooks/webhook.js';
import { type Answer, WebhookServer } from './webhook-server.js';

const running = new Set<WebhookServer>();

export async function startWebhook(answer?: Answer): Promise<WebhookServer> {
  const server = await WebhookServer.start(answer);
  running.add(server);
  return server;
}

/** For `afterAll`. */
export function stopWebhooks(): void {
  for (const server of running) server.close();
  running.clear();
}

/** Everything there is to ask about. */
export const allRules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];

/** A webhook of a configuration that is asked about everything and may not be ignored. */
export function webhookSpec(server: WebhookServer, more: Partial<WebhookSpec> = {}): WebhookSpec {
  return {
    name: 'hook.example.com',
    clientConfig: server.clientConfig,
    rules: allRules,
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    sideEffects: 'None',
    timeoutSeconds: 10,
    admissionReviewVersions: ['v1', 'v1beta1'],
    ...more,
  };
}
