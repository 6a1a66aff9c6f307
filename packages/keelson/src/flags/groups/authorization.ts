import { implemented } from '../flag.js';
import { duration, string, strings } from '../flag-type.js';

const second = 1000;

export const authorizationFlags = {
  title: 'Authorization flags',
  flags: {
    'authorization-config': implemented(
      string,
      '',
      'File that lists the authorizers, followed for changes. Excludes --authorization-mode and --authorization-webhook-*.',
    ),
    'authorization-mode': implemented(
      strings,
      [],
      'Authorizers in the order they are asked: AlwaysAllow, AlwaysDeny, ABAC, Webhook, RBAC, Node. Empty: AlwaysAllow.',
    ),
    'authorization-policy-file': implemented(string, '', 'Policy of mode ABAC, one JSON object a line.'),
    'authorization-webhook-cache-authorized-ttl': implemented(duration, 300 * second, "How long a webhook's allow is kept."),
    'authorization-webhook-cache-unauthorized-ttl': implemented(duration, 30 * second, "How long a webhook's refusal is kept."),
    'authorization-webhook-config-file': implemented(string, '', 'Kubeconfig of the server asked in mode Webhook.'),
    'authorization-webhook-version': implemented(string, 'v1beta1', 'API version of the SubjectAccessReview sent.'),
  },
} as const;
