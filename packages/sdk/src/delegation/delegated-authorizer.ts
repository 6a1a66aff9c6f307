import { PrivilegedGroupsAuthorizer, RemoteAccessReviewer, UnionAuthorizer, WebhookAuthorizer } from '@keelson/auth';
import { type AuthorizationDecision, type Authorizer, type RemoteAccess, RemoteServer } from '@keelson/machinery';
import type { Instruments } from '@keelson/server';
import { serverAt } from './server-at.js';

/** How long a decision is kept; Kubernetes' default for extension servers. */
const DECISION_TTL_MS = 10_000;
const TIMEOUT_MS = 10_000;
/** What load balancers and kubelets ask, who have no credentials. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

/** Asks the cluster who may do what, by SubjectAccessReviews, and keeps its answers for a while. */
export function delegatedAuthorizer(access: RemoteAccess, { authorization }: Instruments): Authorizer {
  const server = new RemoteServer(serverAt(access, '/apis/authorization.k8s.io/v1/subjectaccessreviews'));
  return new UnionAuthorizer([
    new PrivilegedGroupsAuthorizer(['system:masters']),
    openPaths,
    new WebhookAuthorizer({
      reviewer: new RemoteAccessReviewer(server, { reviewVersion: 'v1', timeoutMs: TIMEOUT_MS }),
      authorizedTtlMs: DECISION_TTL_MS,
      unauthorizedTtlMs: DECISION_TTL_MS,
      onFailure: 'noOpinion',
      observer: authorization.webhook('delegated'),
    }),
  ]);
}

const allow: AuthorizationDecision = { decision: 'allow' };
const noOpinion: AuthorizationDecision = { decision: 'noOpinion' };

const openPaths: Authorizer = {
  authorize: ({ resourceRequest, path }) => (!resourceRequest && OPEN_PATHS.has(path) ? allow : noOpinion),
};
