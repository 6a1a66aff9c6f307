import { type KubeObject, notFound, type ObjectAccess, type TokenReference } from '@keelson/machinery';
import { credentialIdOf } from '../jwt/credential-id.js';
import type { Claims } from '../jwt/unverified.js';
import type { AccountTokenValidator, ValidatedAccount } from './account-token-authenticator.js';
import { accountUser } from './account-user.js';
import { member, type RegisteredClaims, text, time } from './token-claims.js';
import { TokenObjects } from './token-objects.js';
import type { OnTokenUse } from './token-use.js';
import { checkValidity, leewaySeconds } from './token-validity.js';

interface BoundClaims {
  readonly namespace: string;
  readonly account: TokenReference;
  readonly pod: TokenReference | undefined;
  readonly secret: TokenReference | undefined;
  readonly node: TokenReference | undefined;
  readonly warnAfter: number | undefined;
}

/** Sees to it that what a bound token names is still there (KEP-1205, KEP-4193). */
export class BoundTokenValidator implements AccountTokenValidator {
  readonly #objects: TokenObjects;
  readonly #onUse: OnTokenUse;
  readonly #nowMs: () => number;

  constructor(objects: ObjectAccess, onUse: OnTokenUse = () => undefined, nowMs: () => number = Date.now) {
    this.#objects = new TokenObjects(objects);
    this.#onUse = onUse;
    this.#nowMs = nowMs;
  }

  async validate(_token: string, registered: RegisteredClaims, claims: Claims): Promise<ValidatedAccount> {
    const nowSeconds = this.#nowMs() / 1000;
    checkValidity(registered, nowSeconds);
    const bound = boundClaims(claims);
    await this.#checkAccount(bound, nowSeconds);
    const { namespace, account, pod, node, secret, warnAfter } = bound;
    if (secret) checkBound('secret', await this.#objects.secret(namespace, secret.name), secret, nowSeconds);
    if (pod) checkBound('pod', await this.#objects.pod(namespace, pod.name), pod, nowSeconds);
    // A pod's token tells the node, too, but does not die with it.
    else if (node) checkBound('node', await this.#objects.node(node.name), node, nowSeconds);
    const annotations = this.#noteAge(registered.subject, warnAfter, nowSeconds);
    const credentialId = registered.id === '' ? undefined : credentialIdOf(registered.id);
    const user = accountUser({ namespace, account, ...(credentialId && { credentialId }), ...(pod && { pod }), ...(node && { node }) });
    return { user, ...(annotations && { annotations }) };
  }

  async #checkAccount({ namespace, account }: BoundClaims, nowSeconds: number): Promise<void> {
    const found = await this.#objects.account(namespace, account.name);
    if (found === undefined) throw notFound({ group: '', resource: 'serviceaccounts' }, account.name);
    const { uid } = found.metadata;
    if (uid !== account.uid) throw new Error(`service account UID (${uid}) does not match claim (${account.uid})`);
    if (isGone(found, nowSeconds)) throw new Error(`service account ${namespace}/${account.name} has been deleted`);
  }

  /** Tokens that admission put into a pod should be renewed long before they end (KEP-2799). */
  #noteAge(subject: string, warnAfter: number | undefined, nowSeconds: number): Readonly<Record<string, string>> | undefined {
    if (!warnAfter) return undefined;
    const isStale = nowSeconds > warnAfter;
    this.#onUse(isStale ? 'stale' : 'valid');
    if (!isStale) return undefined;
    const seconds = Math.floor(nowSeconds) - warnAfter;
    return { 'authentication.k8s.io/stale-token': `subject: ${subject}, seconds after warning threshold: ${seconds}` };
  }
}

function boundClaims(claims: Claims): BoundClaims {
  const own = member(claims, 'kubernetes.io') ?? {};
  return {
    namespace: text(own, 'namespace'),
    account: reference(own, 'serviceaccount') ?? { name: '', uid: '' },
    pod: reference(own, 'pod'),
    secret: reference(own, 'secret'),
    node: reference(own, 'node'),
    warnAfter: time(own, 'warnafter'),
  };
}

function reference(claims: Claims, name: string): TokenReference | undefined {
  const named = member(claims, name);
  return named && { name: text(named, 'name'), uid: text(named, 'uid') };
}

function checkBound(kind: string, found: KubeObject | undefined, { uid }: TokenReference, nowSeconds: number): void {
  if (found === undefined) throw invalidated();
  const current = found.metadata.uid;
  if (current !== uid) throw new Error(`${kind} UID (${current}) does not match service account ${kind} ref claim (${uid})`);
  if (isGone(found, nowSeconds)) throw invalidated();
}

/** What is being deleted may still end its work with its token for a moment. */
function isGone({ metadata }: KubeObject, nowSeconds: number): boolean {
  const { deletionTimestamp } = metadata;
  return typeof deletionTimestamp === 'string' && Date.parse(deletionTimestamp) / 1000 < nowSeconds - leewaySeconds;
}

const invalidated = () => new Error('service account token has been invalidated');
