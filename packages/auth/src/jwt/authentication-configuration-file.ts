import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { aggregate, type FieldError, FileFollower, forbiddenField, path } from '@keelson/machinery';
import {
  type AnonymousConfiguration,
  type AuthenticationConfiguration,
  readAuthenticationConfiguration,
} from './authentication-configuration.js';
import { JwtAuthenticator, type JwtAuthenticatorOptions } from './jwt-authenticator.js';
import { JwtAuthenticators, type OnJwt } from './jwt-authenticators.js';
import { validateAuthenticationConfiguration } from './validate-authentication-configuration.js';
import type { IssuerRules } from './validate-issuer.js';

export interface AuthenticationConfigurationFileOptions extends JwtAuthenticatorOptions, IssuerRules {
  readonly file: string;
  readonly onJwt?: OnJwt;
  readonly onReload?: (status: 'success' | 'failure') => void;
  /** Told the hash of the content that is used from now on. */
  readonly onUse?: (hash: string) => void;
}

/** New issuers have this long to answer before the old ones are given up. */
const HEALTHY_MS = 60_000;
const HEALTH_CHECK_MS = 500;
/** Requests that an old authenticator is still busy with end in this time. */
const OLD_MS = 60_000;

/** The file of `--authentication-config`, followed: its issuers are replaced when it changes, and stay when it is of no use. */
export class AuthenticationConfigurationFile {
  readonly #options: AuthenticationConfigurationFileOptions;
  readonly #follower: FileFollower;
  readonly tokens: JwtAuthenticators;
  readonly anonymous: AnonymousConfiguration | undefined;
  /** What was read last and needs not be looked at again. */
  #seen: string;
  #reloading: Promise<void> | undefined;
  readonly #closing = new AbortController();

  /** Reads the file. Throws when it cannot be used. */
  constructor(options: AuthenticationConfigurationFileOptions) {
    this.#options = options;
    const { file, log } = options;
    const { content, configuration } = load(file);
    requireValid(validateAuthenticationConfiguration(configuration, options));
    this.#seen = content;
    this.anonymous = configuration.anonymous;
    this.tokens = new JwtAuthenticators(options.onJwt);
    this.tokens.use(this.#authenticators(configuration));
    options.onUse?.(hashOf(content));
    this.#follower = new FileFollower(
      [file],
      () => void this.reload(),
      (directory, error) => log.warn('cannot watch the authentication configuration', { directory, error }),
    );
  }

  start(): void {
    this.#follower.start();
  }

  close(): void {
    this.#closing.abort();
    this.#follower.close();
    for (const authenticator of this.tokens.use([])) authenticator.close();
  }

  /** Reads the file now and uses it if it has changed. */
  reload(): Promise<void> {
    this.#reloading ??= this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  async #reload(): Promise<void> {
    const { file, log, onReload } = this.#options;
    try {
      const content = await readFile(file, 'utf8');
      if (content === this.#seen) return;
      await this.#use(content);
      log.info(0, 'reloaded authentication config', { file });
      onReload?.('success');
    } catch (error) {
      log.error('cannot reload the authentication configuration', { file, error });
      onReload?.('failure');
    }
  }

  async #use(content: string): Promise<void> {
    const configuration = this.#checked(content);
    const authenticators = this.#authenticators(configuration);
    const problem = await this.#problemOf(authenticators);
    if (problem !== undefined) {
      for (const authenticator of authenticators) authenticator.close();
      throw problem;
    }
    const old = this.tokens.use(authenticators);
    setTimeout(() => {
      for (const authenticator of old) authenticator.close();
    }, OLD_MS).unref();
    this.#seen = content;
    this.#options.onUse?.(hashOf(content));
  }

  /** Content that is wrong stays so, and is not read again; issuers that do not answer may answer later. */
  #checked(content: string): AuthenticationConfiguration {
    try {
      const configuration = readAuthenticationConfiguration(content);
      const errors = validateAuthenticationConfiguration(configuration, this.#options);
      if (!isDeepStrictEqual(configuration.anonymous, this.anonymous))
        errors.push(forbiddenField(path('anonymous'), 'changed from initial configuration file'));
      requireValid(errors);
      return configuration;
    } catch (error) {
      this.#seen = content;
      throw error;
    }
  }

  #authenticators({ jwt = [] }: AuthenticationConfiguration): JwtAuthenticator[] {
    return jwt.map((one) => new JwtAuthenticator(one, this.#options));
  }

  /** Waits until all of them are healthy; tells what is wrong with one that is not in time. */
  async #problemOf(authenticators: readonly JwtAuthenticator[]): Promise<Error | undefined> {
    const endsAtMs = performance.now() + HEALTHY_MS;
    for (;;) {
      const problem = authenticators.map((authenticator) => authenticator.problem).find((one) => one !== undefined);
      if (problem === undefined || this.#closing.signal.aborted || performance.now() >= endsAtMs) return problem;
      await new Promise((resolve) => setTimeout(resolve, HEALTH_CHECK_MS).unref());
    }
  }
}

function load(file: string): { readonly content: string; readonly configuration: AuthenticationConfiguration } {
  try {
    const content = readFileSync(file, 'utf8');
    return { content, configuration: readAuthenticationConfiguration(content) };
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`failed to load authentication configuration from file ${JSON.stringify(file)}: ${why}`);
  }
}

function requireValid(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Error(`invalid authentication configuration: ${aggregate(errors.map(String))}`);
}

function hashOf(content: string): string {
  return `sha256:${hash('sha256', content)}`;
}
