import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SubjectRules } from '@keelson/api';
import {
  type AuthorizerConfiguration,
  type AuthorizerType,
  PrivilegedGroupsAuthorizer,
  privilegedGroup,
  type RbacAuthorizer,
  readAuthorizationConfiguration,
  UnionAuthorizer,
} from '@keelson/auth';
import { type Authorizer, aggregate, FileFollower, type UserInfo } from '@keelson/machinery';
import type { AuthorizationParts, AuthorizerModes, Mode } from './authorizer-modes.js';
import type { ConfiguredAuthorizers } from './configured-authorizers.js';

/** Lets who can repair everything in, whatever is configured. */
const masters = new PrivilegedGroupsAuthorizer([privilegedGroup]);

/** The authorizers that are asked now. */
interface Chain {
  readonly union: Authorizer;
  readonly modes: readonly Mode[];
}

/** Who may do what: asks authorizers in their order, which a file that is followed may change. */
export class Authorization {
  /** What roles and bindings grant, whether or not requests are decided by them. */
  readonly rbac: RbacAuthorizer;
  readonly authorizer: Authorizer = { authorize: (attributes) => this.#chain.union.authorize(attributes) };
  readonly #makes: AuthorizerModes;
  readonly #parts: Pick<AuthorizationParts, 'metrics' | 'log'>;
  readonly #file: string | undefined;
  /** Types other than webhooks: a running server neither begins nor ends to ask them. */
  readonly #types: ReadonlySet<AuthorizerType>;
  readonly #follower: FileFollower | undefined;
  #chain: Chain;
  #content: string;
  #reloading: Promise<void> = Promise.resolve();

  private constructor(
    rbac: RbacAuthorizer,
    makes: AuthorizerModes,
    parts: Pick<AuthorizationParts, 'metrics' | 'log'>,
    file: string | undefined,
    { authorizers, content = '' }: ConfiguredAuthorizers,
    chain: Chain,
  ) {
    this.rbac = rbac;
    this.#makes = makes;
    this.#parts = parts;
    this.#file = file;
    this.#content = content;
    this.#chain = chain;
    this.#types = new Set(authorizers.map(({ type }) => type).filter((type) => type !== 'Webhook'));
    if (file !== undefined) {
      this.#follower = new FileFollower(
        [file],
        () => void this.reload(),
        (directory, error) => parts.log.warn('cannot watch for changes of the authorization configuration', { directory, error }),
      );
      parts.metrics.configuration.onUse(hashOf(content));
    }
  }

  /** Rejects when an authorizer cannot be made. */
  static async open(
    rbac: RbacAuthorizer,
    makes: AuthorizerModes,
    parts: Pick<AuthorizationParts, 'metrics' | 'log'>,
    file: string | undefined,
    configured: ConfiguredAuthorizers,
  ): Promise<Authorization> {
    return new Authorization(rbac, makes, parts, file, configured, await chainOf(makes, configured.authorizers));
  }

  /** What a user may do in a namespace, as far as those who are asked can tell. */
  readonly rulesFor = async (user: UserInfo, namespace: string): Promise<SubjectRules> =>
    together(await Promise.all(this.#chain.modes.map((mode) => mode.rulesFor(user, namespace))));

  /** From now on the file is followed, if there is one. */
  start(): void {
    this.#follower?.start();
  }

  async close(): Promise<void> {
    this.#follower?.close();
    await this.#reloading;
    closeAll(this.#chain);
  }

  /** Reads the file again; what cannot be used is logged, and what was there stays. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload());
    return this.#reloading;
  }

  async #reload(): Promise<void> {
    const { log, metrics } = this.#parts;
    const { onReload, onUse } = metrics.configuration;
    try {
      const content = await readFile(this.#file ?? '', 'utf8');
      if (content === this.#content) return;
      // What is wrong is told once, not every time somebody looks.
      this.#content = content;
      const chain = await chainOf(this.#makes, this.#checked(content));
      const replaced = this.#chain;
      this.#chain = chain;
      closeAll(replaced);
      onUse(hashOf(content));
      onReload('success');
      log.info(0, 'reloaded the authorization configuration', { file: this.#file });
    } catch (error) {
      onReload('failure');
      log.error('cannot reload the authorization configuration', { file: this.#file, error });
    }
  }

  #checked(content: string): AuthorizerConfiguration[] {
    const authorizers = readAuthorizationConfiguration(content, this.#types);
    const added = authorizers.find(({ type }) => type !== 'Webhook' && !this.#types.has(type));
    if (added !== undefined)
      throw new Error(`authorizer type ${added.type} is not allowed if it was not enabled at initial server startup`);
    return authorizers;
  }
}

async function chainOf(makes: AuthorizerModes, authorizers: readonly AuthorizerConfiguration[]): Promise<Chain> {
  const modes: Mode[] = [];
  try {
    for (const one of authorizers) modes.push(await makes.make(one));
  } catch (error) {
    for (const mode of modes) mode.close?.();
    throw error;
  }
  return { union: new UnionAuthorizer([masters, ...modes.map(({ authorizer }) => authorizer)]), modes };
}

function closeAll({ modes }: Chain): void {
  for (const mode of modes) mode.close?.();
}

function hashOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function together(parts: readonly SubjectRules[]): SubjectRules {
  const errors = parts.flatMap(({ evaluationError }) => evaluationError ?? []);
  return {
    resourceRules: parts.flatMap(({ resourceRules }) => resourceRules),
    nonResourceRules: parts.flatMap(({ nonResourceRules }) => nonResourceRules),
    incomplete: parts.some(({ incomplete }) => incomplete),
    ...(errors.length > 0 && { evaluationError: aggregate(errors) }),
  };
}
