import {
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  dns1123Label,
  dns1123Subdomain,
  type UserInfo,
} from '@keelson/machinery';
import type { Filter, KeelsonContext, Outcome } from '../http/context.js';
import type { Log } from '../logging/log.js';
import { forbid } from './authorization.js';
import { impersonates, takeIdentity, type WantedIdentity } from './impersonation-headers.js';
import { replyInternalError } from './internal-error.js';

export interface ImpersonationOptions {
  readonly authorizer: Authorizer;
  readonly log: Log;
}

const IDENTITY_GROUP = 'authentication.k8s.io';
const ANONYMOUS = 'system:anonymous';
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';

/** One thing the client must be allowed to impersonate. */
type Part = Pick<AuthorizationAttributes, 'apiGroup' | 'resource' | 'subresource' | 'namespace' | 'name'>;

/**
 * Takes a request for that of another user (`kubectl --as`), if its own user may impersonate that user, each group, the
 * uid and each extra value. Who really asks stays in `state.impersonator`.
 */
export function impersonate({ authorizer, log }: ImpersonationOptions): Filter {
  const requireAllowed = async (ctx: KeelsonContext, part: Part): Promise<void> => {
    const attributes = { ...part, user: ctx.state.user, verb: 'impersonate', apiVersion: versionOf(part), resourceRequest: true, path: '' };
    const { decision, reason = '', error } = await decisionOf(attributes);
    if (error !== undefined) log.error('authorization of an impersonation failed', { user: attributes.user.name, error });
    if (decision !== 'allow' || error !== undefined) forbid(ctx, attributes, reason);
  };
  const decisionOf = async (attributes: AuthorizationAttributes): Promise<AuthorizationDecision> => {
    try {
      return await authorizer.authorize(attributes);
    } catch (error) {
      return { decision: 'noOpinion', error };
    }
  };
  const become = async (ctx: KeelsonContext, next: () => Outcome, wanted: WantedIdentity): Promise<void> => {
    const { state } = ctx;
    for (const part of partsOf(wanted)) await requireAllowed(ctx, part);
    state.impersonator = state.user;
    state.user = identityOf(wanted);
    await next();
  };
  return (ctx, next) => {
    if (!impersonates(ctx.req)) return next();
    const wanted = takeIdentity(ctx.req);
    if (wanted.user !== '') return become(ctx, next, wanted);
    const references = referencesOf(wanted);
    if (references.length === 0) return next();
    replyInternalError(ctx, `requested [${references.join(' ')}] without impersonating a user`);
    return undefined;
  };
}

function partsOf({ user, uid, groups, extra }: WantedIdentity): Part[] {
  const account = serviceAccountOf(user);
  return [
    account === undefined ? part('', 'users', user) : { ...part('', 'serviceaccounts', account.name), namespace: account.namespace },
    ...groups.map((group) => part('', 'groups', group)),
    ...[...extra].flatMap(([key, values]) => values.map((value) => ({ ...part(IDENTITY_GROUP, 'userextras', value), subresource: key }))),
    ...(uid === '' ? [] : [part(IDENTITY_GROUP, 'uids', uid)]),
  ];
}

function part(apiGroup: string, resource: string, name: string): Part {
  return { apiGroup, resource, subresource: '', namespace: '', name };
}

function versionOf({ apiGroup }: Part): string {
  return apiGroup === '' ? '' : 'v1';
}

function identityOf({ user, uid, groups, extra }: WantedIdentity): UserInfo {
  const account = serviceAccountOf(user);
  // The groups of a service account follow from its name.
  const known = groups.length === 0 && account ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : groups;
  return {
    name: user,
    ...(uid !== '' && { uid }),
    groups: [...known, ...impliedGroup(user, known)],
    ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
  };
}

/** Everybody is authenticated or is not. */
function impliedGroup(user: string, groups: readonly string[]): string[] {
  if (groups.includes(UNAUTHENTICATED)) return [];
  if (user === ANONYMOUS) return [UNAUTHENTICATED];
  return groups.includes(AUTHENTICATED) ? [] : [AUTHENTICATED];
}

function serviceAccountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const isOne = namespace !== '' && dns1123Label(namespace).length === 0 && dns1123Subdomain(name).length === 0;
  return isOne ? { namespace, name } : undefined;
}

/** What was wanted as Go prints object references. */
function referencesOf({ uid, groups, extra }: WantedIdentity): string[] {
  const version = `${IDENTITY_GROUP}/v1`;
  return [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...[...extra].flatMap(([key, values]) => values.map((value) => `{UserExtra  ${value}  ${version}  ${key}}`)),
    ...(uid === '' ? [] : [`{UID  ${uid}  ${version}  }`]),
  ];
}
