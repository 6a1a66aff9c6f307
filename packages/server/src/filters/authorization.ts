import {
  type ApiError,
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  fieldSelectorAttribute,
  forbidden,
  labelSelectorAttribute,
  quote,
} from '@keelson/machinery';
import type { Filter, KeelsonContext, Outcome, RequestState } from '../http/context.js';
import type { Log } from '../logging/log.js';
import { escapeHtml } from './escape-html.js';
import { replyInternalError } from './internal-error.js';

/** Told of every decision, for metrics. */
export type AuthorizationEnd = (result: AuthorizationDecision['decision'] | 'error', durationMs: number) => void;

export interface AuthorizationOptions {
  readonly authorizer: Authorizer;
  readonly log: Log;
  readonly onEnd?: AuthorizationEnd;
}

/** Lets a request through when somebody allows it; 403 with the reason else. */
export function authorize({ authorizer, log, onEnd }: AuthorizationOptions): Filter {
  const decide = (
    ctx: KeelsonContext,
    next: () => Outcome,
    attributes: AuthorizationAttributes,
    made: AuthorizationDecision,
    begunAtMs: number,
  ): Outcome => {
    const { decision } = made;
    if (decision !== 'allow' && made.error !== undefined) return fail(ctx, made.error, begunAtMs);
    onEnd?.(decision, performance.now() - begunAtMs);
    if (ctx.state.audit !== undefined) noteDecision(ctx.state, made);
    if (decision === 'allow') return next();
    return forbid(ctx, attributes, made.reason ?? '');
  };
  const fail = (ctx: KeelsonContext, error: unknown, begunAtMs: number): undefined => {
    onEnd?.('error', performance.now() - begunAtMs);
    if (ctx.state.audit !== undefined) ctx.state.annotate('authorization.k8s.io/reason', 'internal error');
    log.error('authorization failed', { path: ctx.state.info.path, error });
    replyInternalError(ctx, error);
  };
  return (ctx, next) => {
    const begunAtMs = performance.now();
    const attributes = authorizationAttributes(ctx.state);
    let decision: ReturnType<Authorizer['authorize']>;
    try {
      decision = authorizer.authorize(attributes);
    } catch (error) {
      return fail(ctx, error, begunAtMs);
    }
    if (!(decision instanceof Promise)) return decide(ctx, next, attributes, decision, begunAtMs);
    return decision.then(
      (made) => decide(ctx, next, attributes, made, begunAtMs),
      (error) => fail(ctx, error, begunAtMs),
    );
  };
}

function noteDecision(state: RequestState, { decision, reason = '' }: AuthorizationDecision): void {
  state.annotate('authorization.k8s.io/decision', decision === 'allow' ? 'allow' : 'forbid');
  state.annotate('authorization.k8s.io/reason', reason);
}

/** What the request wants, as authorizers see it. */
export function authorizationAttributes({ info, user }: RequestState): AuthorizationAttributes {
  return {
    user,
    verb: info.verb,
    resourceRequest: info.isResourceRequest,
    apiGroup: info.apiGroup,
    apiVersion: info.apiVersion,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
    path: info.path,
    labelSelector: info.labelSelector === '' ? undefined : labelSelectorAttribute(info.labelSelector),
    fieldSelector: info.fieldSelector === '' ? undefined : fieldSelectorAttribute(info.fieldSelector),
  };
}

/** Refuses with 403: `User "x" cannot list resource "pods" in API group "" in the namespace "y"`, and why. */
export function forbid(ctx: KeelsonContext, attributes: AuthorizationAttributes, reason: string): never {
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  throw refused(attributes, reason);
}

/** What somebody is told who may not do what is asked for. */
export function refused(attributes: AuthorizationAttributes, reason: string): ApiError {
  const { apiGroup: group, resource, name } = attributes;
  const message = escapeHtml(refusal(attributes));
  return forbidden({ group, resource }, name, reason === '' ? message : `${message}: ${reason}`);
}

function refusal({ user, verb, resourceRequest, path, resource, subresource, apiGroup, namespace }: AuthorizationAttributes): string {
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (!resourceRequest) return `${who} path ${quote(path)}`;
  const what = quote(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`;
  return `${who} resource ${what} in API group ${quote(apiGroup)} ${where}`;
}
