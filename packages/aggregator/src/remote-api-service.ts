import {
  type ApiError,
  authorityOf,
  connectionFailure,
  type DialAddress,
  semanticallyEqual,
  serviceUnavailable,
  type UserInfo,
} from '@keelson/machinery';
import type { ForwardedHeaders, ProxiedAnswer } from '@keelson/server';
import { identityHeaders } from '@keelson/server';
import { type APIService, isAvailable, rootPath, type Verdict } from './api-service.js';
import type { Backend } from './backend/backend.js';
import type { BackendTrust } from './backend/backend-access.js';
import type { BackendPool } from './backend/backend-pool.js';
import type { BackendRequest } from './backend/backend-request.js';
import type { ServiceDirectory, ServicePort } from './services/service-directory.js';

export interface RemoteParts {
  readonly directory: ServiceDirectory;
  readonly pool: BackendPool;
  /** Whether extension servers are told the uid of who asks. */
  readonly tellsUid: boolean;
}

/** A group-version that an extension server serves. */
export class RemoteApiService {
  readonly service: ServicePort;
  /** Whose certificate the extension server has. */
  readonly serverName: string;
  /** Where its paths begin. */
  readonly root: string;
  #object: APIService;
  readonly #parts: RemoteParts;
  readonly #trust: BackendTrust;
  readonly #blindTrust: BackendTrust;
  #verdict: Verdict | undefined;

  constructor(object: APIService, parts: RemoteParts) {
    this.#object = object;
    this.#parts = parts;
    const { service, group = '', version = '', caBundle = '', insecureSkipTLSVerify = false } = object.spec;
    const { namespace = '', name = '', port = 443 } = service ?? {};
    this.service = { namespace, name, port };
    this.serverName = `${name}.${namespace}.svc`;
    this.root = rootPath({ group, version });
    this.#trust = parts.pool.trust({
      serverName: this.serverName,
      insecure: insecureSkipTLSVerify,
      ...(caBundle !== '' && { authorities: Buffer.from(caBundle, 'base64').toString() }),
    });
    this.#blindTrust = parts.pool.trust({ serverName: this.serverName, insecure: true });
  }

  /** As it was told of last. */
  get object(): APIService {
    return this.#object;
  }

  set object(object: APIService) {
    this.#object = object;
  }

  get groupVersion(): { readonly group: string; readonly version: string } {
    const { group = '', version = '' } = this.#object.spec;
    return { group, version };
  }

  /** Whether it stands for what the object says now, but for its status and metadata. */
  serves({ spec }: APIService): boolean {
    return semanticallyEqual(spec, this.#object.spec);
  }

  /** What this replica has found out itself counts, before it has what others have. */
  get available(): boolean {
    return this.#verdict === undefined ? isAvailable(this.#object) : this.#verdict.status === 'True';
  }

  /** What this replica found when it looked last. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  set verdict(verdict: Verdict) {
    this.#verdict = verdict;
  }

  /** Where connections to it go, the first before the others; throws when there is no such place. */
  addresses(): DialAddress[] {
    return this.#parts.directory.addresses(this.service);
  }

  backend(address: DialAddress): Backend {
    return this.#parts.pool.get(this.#trust, address);
  }

  /** The same for looking whether it is there: whose certificate is wrong is there, too. */
  probedBackend(address: DialAddress): Backend {
    return this.#parts.pool.get(this.#blindTrust, address);
  }

  /**
   * Sends a request as the front proxy of `user`. Throws 503 when no answer came. Where there are several endpoints, a read that
   * one did not answer is sent to another one, and so is whatever never left because one could not be connected to.
   */
  async send(request: BackendRequest, addresses: readonly DialAddress[], user: UserInfo): Promise<ProxiedAnswer> {
    const repeatable = request.body === undefined && request.method === 'GET';
    const [address, ...others] = addresses as [DialAddress, ...DialAddress[]];
    try {
      return await this.backend(address).send({
        ...request,
        headers: { ...request.headers, ...this.identityOf(user), host: authorityOf(address) },
      });
    } catch (error) {
      if ((repeatable || isUnconnected(error)) && others.length > 0 && !request.signal.aborted) return this.send(request, others, user);
      throw this.unreachable(request.signal.aborted ? new Error('context deadline exceeded') : error);
    }
  }

  /** Who asks, as the server is to hear of it. */
  identityOf(user: UserInfo): ForwardedHeaders {
    return identityHeaders(this.#parts.tellsUid ? user : { ...user, uid: '' });
  }

  unreachable(error: unknown): ApiError {
    return serviceUnavailable(`error trying to reach service: ${this.#reasonOf(error)}`);
  }

  /** The same for a connection that was to be its client's own. */
  dialFailure(error: unknown): string {
    return `error dialing backend: ${this.#reasonOf(error)}`;
  }

  #reasonOf(error: unknown): string {
    return connectionFailure(error, this.serverName);
  }
}

/** Nothing was sent, as there was no connection to send it on. */
export function isUnconnected(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'connect';
}
