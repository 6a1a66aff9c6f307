import { harmless, implemented, refused } from '../flag.js';
import { duration, string, strings } from '../flag-type.js';

const second = 1000;
const notAsked = 'the authorizer it configures is not available';

export const authorizationFlags = {
  title: 'Authorization flags',
  flags: {
    'authorization-config': refused(string, '', 'File that configures the chain of authorizers.', notAsked),
    'authorization-mode': implemented(
      strings,
      [],
      'Authorizers in the order they are asked: AlwaysAllow, AlwaysDeny, ABAC, Webhook, RBAC, Node. Empty: AlwaysAllow.',
    ),
    'authorization-policy-file': implemented(string, '', 'Policy of mode ABAC, one JSON object a line.'),
    'authorization-webhook-cache-authorized-ttl': harmless(duration, 300 * second, "How long a webhook's allow is kept."),
    'authorization-webhook-cache-unauthorized-ttl': harmless(duration, 30 * second, "How long a webhook's refusal is kept."),
    'authorization-webhook-config-file': refused(string, '', 'Kubeconfig of the server asked in mode Webhook.', notAsked),
    'authorization-webhook-version': harmless(string, 'v1beta1', 'API version of the SubjectAccessReview sent.'),
  },
} as const;
