import type { AuthorizationDecision, Authorizer } from '@keelson/machinery';

const allow: AuthorizationDecision = { decision: 'allow' };
const forbid: AuthorizationDecision = { decision: 'noOpinion', reason: 'Everything is forbidden.' };

/** `--authorization-mode=AlwaysAllow` */
export const alwaysAllow: Authorizer = { authorize: () => allow };

/** `--authorization-mode=AlwaysDeny`. Has no opinion rather than denying: those asked after it may still allow. */
export const alwaysDeny: Authorizer = { authorize: () => forbid };
