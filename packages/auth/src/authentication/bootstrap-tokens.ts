import { timingSafeEqual } from 'node:crypto';
import {
  type AuthenticationResult,
  type KubeObject,
  type Log,
  type ObjectReceiver,
  parseTime,
  type TokenAuthenticator,
} from '@keelson/machinery';

interface Secret extends KubeObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

const namespace = 'kube-system';
const namePrefix = 'bootstrap-token-';
const type = 'bootstrap.kubernetes.io/token';
const userPrefix = 'system:bootstrap:';
const everybodysGroup = 'system:bootstrappers';

const tokenForm = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/**
 * The tokens that machines join a cluster with (`--enable-bootstrap-token-auth`): each is a secret
 * `bootstrap-token-<id>` of kube-system. It must be told of all secrets.
 */
export class BootstrapTokenAuthenticator implements TokenAuthenticator, ObjectReceiver {
  readonly #secrets = new Map<string, Secret>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  set(secret: Secret): void {
    const name = tokenSecretName(secret);
    if (name !== undefined) this.#secrets.set(name, secret);
  }

  delete(secret: Secret): void {
    const name = tokenSecretName(secret);
    if (name !== undefined) this.#secrets.delete(name);
  }

  authenticateToken(token: string): AuthenticationResult | undefined {
    const [, id, tokenSecret] = tokenForm.exec(token) ?? [];
    if (id === undefined || tokenSecret === undefined) return undefined;
    const secret = this.#secrets.get(namePrefix + id);
    if (secret === undefined) return this.#refuse(id, 'there is no such secret');
    const problem = problemOf(secret, id, tokenSecret);
    if (problem !== undefined) return this.#refuse(id, problem);
    return { user: { name: userPrefix + id, groups: groupsOf(secret) } };
  }

  #refuse(id: string, why: string): undefined {
    this.#log.info(3, 'a bootstrap token is not accepted', { secret: `${namespace}/${namePrefix}${id}`, why });
    return undefined;
  }
}

function tokenSecretName({ metadata }: Secret): string | undefined {
  return metadata.namespace === namespace && metadata.name?.startsWith(namePrefix) ? metadata.name : undefined;
}

/** Why a token does not belong to the secret of its id, or not any more. */
function problemOf(secret: Secret, id: string, tokenSecret: string): string | undefined {
  if (secret.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (secret.type !== type) return `its type is not ${type}`;
  if (!isSame(textOf(secret, 'token-secret'), tokenSecret)) return 'token-secret is another';
  if (textOf(secret, 'token-id') !== id) return 'token-id is another';
  if (hasExpired(textOf(secret, 'expiration'))) return 'it has expired';
  if (textOf(secret, 'usage-bootstrap-authentication') !== 'true') return 'usage-bootstrap-authentication is not true';
  const bad = extraGroupsOf(secret).find((group) => !groupForm.test(group));
  return bad === undefined ? undefined : `auth-extra-groups has ${JSON.stringify(bad)}`;
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1'));
}

/** What cannot be read as a time is past. */
function hasExpired(expiration: string): boolean {
  if (expiration === '') return false;
  try {
    const { seconds, nanos } = parseTime(expiration);
    return seconds * 1000 + nanos / 1e6 <= Date.now();
  } catch {
    return true;
  }
}

function groupsOf(secret: Secret): string[] {
  return [...new Set([everybodysGroup, ...extraGroupsOf(secret)])].sort();
}

function extraGroupsOf(secret: Secret): string[] {
  const groups = textOf(secret, 'auth-extra-groups');
  return groups === '' ? [] : groups.split(',');
}

function textOf({ data = {} }: Secret, key: string): string {
  return Buffer.from(data[key] ?? '', 'base64').toString();
}
