import type { TokenReference, UserInfo } from '@keelson/machinery';
import { credentialIdKey } from '../authentication/well-known.js';

const USER_PREFIX = 'system:serviceaccount:';
const ALL_ACCOUNTS = 'system:serviceaccounts';

/** A service account, and how it came to be known. */
export interface KnownAccount {
  readonly namespace: string;
  readonly account: TokenReference;
  readonly credentialId?: string;
  readonly pod?: TokenReference;
  readonly node?: TokenReference;
}

/** User name of a service account. */
export function accountUserName(namespace: string, name: string): string {
  return `${USER_PREFIX}${namespace}:${name}`;
}

/** A service account as the user that it is. */
export function accountUser({ namespace, account, credentialId, pod, node }: KnownAccount): UserInfo {
  const extra = {
    ...(credentialId && { [credentialIdKey]: [credentialId] }),
    ...(node?.name && { 'authentication.kubernetes.io/node-name': [node.name] }),
    ...(node?.name && node.uid && { 'authentication.kubernetes.io/node-uid': [node.uid] }),
    ...(pod?.name && pod.uid && { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] }),
  };
  return {
    name: accountUserName(namespace, account.name),
    uid: account.uid,
    groups: [ALL_ACCOUNTS, `${ALL_ACCOUNTS}:${namespace}`],
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}
