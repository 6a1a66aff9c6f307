/** Kinds of authorizers, as modes and configuration files name them. */
export const authorizerTypes = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'] as const;

export type AuthorizerType = (typeof authorizerTypes)[number];

/** One of the authorizers that are asked, in their order. */
export interface AuthorizerConfiguration {
  readonly type: AuthorizerType;
  /** In metrics; for all but webhooks it follows from the type. */
  readonly name: string;
  /** Of type Webhook. */
  readonly webhook?: WebhookConfiguration;
}

export interface WebhookConfiguration {
  /** Says where the webhook is and how this server is known to it. */
  readonly kubeConfigFile: string;
  /** Version of the SubjectAccessReview that it is asked with. */
  readonly reviewVersion: 'v1' | 'v1beta1';
  readonly timeoutMs: number;
  /** How long it is kept that it allowed something. 0: not at all. */
  readonly authorizedTtlMs: number;
  /** How long it is kept that it did not. 0: not at all. */
  readonly unauthorizedTtlMs: number;
  /** What is decided where it cannot be asked. */
  readonly onFailure: 'noOpinion' | 'deny';
  /** CEL expressions; it is asked only where all are true. */
  readonly matchConditions: readonly string[];
}

/** What authorizers other than webhooks are called. */
export function nameOfType(type: AuthorizerType): string {
  return type.toLowerCase();
}
