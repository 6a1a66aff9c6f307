import type { KubeObject, TokenReference } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import type { ControllerAccess } from '../controller-access.js';
import { type LoopSource, ObjectLoop } from '../object-loop.js';

type Secret = core.v1.Secret;
type Account = core.v1.ServiceAccount;

const SECRETS = { group: '', version: 'v1', resource: 'secrets' };
const SERVICE_ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' };
const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';

/** Makes the tokens that secrets keep. */
export interface SecretTokenIssuer {
  issue(namespace: string, account: TokenReference, secretName: string): Promise<string>;
}

export interface TokenSecretsOptions {
  readonly issuer: SecretTokenIssuer;
  /** Certificates by which the API server is known, PEM. */
  readonly authority: string;
}

/**
 * Fills the secrets that somebody made for the token of a service account, and takes them away with the account. A secret
 * that is gone is no longer named by its account.
 */
export class TokenSecrets {
  readonly #client: LoopbackClient;
  readonly #issuer: SecretTokenIssuer;
  /** Base64. */
  readonly #authority: string;
  readonly #loop: ObjectLoop;
  /** Names of the secrets by `namespace/account`. */
  readonly #secretsOf = new Map<string, Set<string>>();

  constructor({ objects, client, onFailure, queues }: ControllerAccess, { issuer, authority }: TokenSecretsOptions) {
    this.#client = client;
    this.#issuer = issuer;
    this.#authority = encoded(authority);
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      sources: [this.#secrets(), this.#accounts()],
      work: (key) => this.#reconcile(key),
      instruments: queues?.of('serviceaccount_tokens_service'),
    });
  }

  /** Resolves when every such secret has been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Keys are `namespace/account/secret`. */
  #secrets(): LoopSource {
    return {
      resource: SECRETS,
      keysOf: (secret, gone) => {
        const account = accountOf(secret);
        if (account === undefined) return [];
        const { namespace = '', name = '' } = secret.metadata;
        this.#note(`${namespace}/${account}`, name, gone);
        return [`${namespace}/${account}/${name}`];
      },
    };
  }

  #accounts(): LoopSource {
    return {
      resource: SERVICE_ACCOUNTS,
      keysOf: ({ metadata: { namespace = '', name = '' } }) => {
        const key = `${namespace}/${name}`;
        return [...(this.#secretsOf.get(key) ?? [])].map((secret) => `${key}/${secret}`);
      },
    };
  }

  #note(account: string, secret: string, gone: boolean): void {
    const secrets = this.#secretsOf.get(account) ?? new Set();
    if (gone) secrets.delete(secret);
    else secrets.add(secret);
    if (secrets.size > 0) this.#secretsOf.set(account, secrets);
    else this.#secretsOf.delete(account);
  }

  async #reconcile(key: string): Promise<void> {
    const client = this.#client;
    const [namespace = '', accountName = '', secretName = ''] = key.split('/');
    const secret = (await client.get(SECRETS, namespace, secretName, { at: 'any' })) as Secret | undefined;
    const account = await this.#account(namespace, accountName);
    if (secret === undefined || accountOf(secret) !== accountName) return this.#forget(account, secretName);
    const uid = secret.metadata.annotations?.[ACCOUNT_UID];
    if (account === undefined || (uid && uid !== account.metadata.uid)) await client.delete(SECRETS, secret);
    else if (this.#lacksSomething(secret, account)) await this.#fill(secret, account);
  }

  /** Its secrets go with an account: whether it is gone, only the store knows. */
  async #account(namespace: string, name: string): Promise<Account | undefined> {
    const cached = await this.#client.get(SERVICE_ACCOUNTS, namespace, name, { at: 'any' });
    return (cached ?? (await this.#client.get(SERVICE_ACCOUNTS, namespace, name))) as Account | undefined;
  }

  #lacksSomething({ metadata, data = {} }: Secret, account: Account): boolean {
    if (metadata.deletionTimestamp !== undefined) return false;
    return (
      !data.token || !data.namespace || data['ca.crt'] !== this.#authority || metadata.annotations?.[ACCOUNT_UID] !== account.metadata.uid
    );
  }

  async #fill(secret: Secret, account: Account): Promise<void> {
    const { namespace = '', name = '', uid: secretUid } = secret.metadata;
    const { name: accountName = '', uid = '' } = account.metadata;
    const token = await this.#issuer.issue(namespace, { name: accountName, uid }, name);
    await this.#client.update(SECRETS, namespace, name, (object) => {
      const current = object as Secret;
      if (current.metadata.uid !== secretUid || accountOf(current) !== accountName) return;
      current.metadata.annotations = { ...current.metadata.annotations, [ACCOUNT_UID]: uid };
      const filled = { namespace: encoded(namespace), token: encoded(token) };
      // What others have filled in first is as good.
      current.data = { ...filled, ...withoutEmpty(current.data), 'ca.crt': this.#authority };
    });
  }

  async #forget(account: Account | undefined, secretName: string): Promise<void> {
    if (!account?.secrets?.some(({ name }) => name === secretName)) return;
    const { namespace = '', name = '', uid } = account.metadata;
    await this.#client.update(SERVICE_ACCOUNTS, namespace, name, (object) => {
      const current = object as Account;
      if (current.metadata.uid === uid) current.secrets = (current.secrets ?? []).filter((reference) => reference.name !== secretName);
    });
  }
}

/** The account that a secret is to keep a token of; undefined when it is for something else. */
function accountOf(object: KubeObject): string | undefined {
  const { type, metadata } = object as Secret;
  return type === TYPE ? metadata.annotations?.[ACCOUNT_NAME] : undefined;
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function withoutEmpty(data: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== ''));
}
