import { type Method, PluginClient, RpcError } from '@keelson/grpc';
import { type FetchKeysResponse, type MetadataResponse, type SignResponse, signerMethods } from './signer-messages.js';

/** What an external signer does. */
export interface ExternalSignerCalls {
  sign(claims: string): Promise<SignResponse>;
  fetchKeys(): Promise<FetchKeysResponse>;
  metadata(): Promise<MetadataResponse>;
  close(): void;
}

/** Told how calls and what they are for went, for metrics. `code` is that of gRPC, or tells that gRPC has none. */
export interface ExternalSignerObserver {
  onCall(method: string, code: string, durationMs: number): void;
  onSign(code: string): void;
  /** `dataSeconds`: when the signer learned of the keys, in seconds since 1970. */
  onFetch(code: string, dataSeconds?: number): void;
}

/** Requests end after a minute unless they are told otherwise. */
const CALL_MS = 60_000;
const METADATA_MS = 10_000;

/** A signer on a unix socket. */
export class SignerClient implements ExternalSignerCalls {
  readonly #client: PluginClient;
  readonly #observer: ExternalSignerObserver;

  constructor(socket: string, observer: ExternalSignerObserver) {
    this.#client = new PluginClient(socket);
    this.#observer = observer;
  }

  sign(claims: string): Promise<SignResponse> {
    return this.#call(signerMethods.sign, { claims }, CALL_MS);
  }

  fetchKeys(): Promise<FetchKeysResponse> {
    return this.#call(signerMethods.fetchKeys, {}, CALL_MS);
  }

  metadata(): Promise<MetadataResponse> {
    return this.#call(signerMethods.metadata, {}, METADATA_MS);
  }

  close(): void {
    this.#client.close();
  }

  async #call<Q, A>(method: Method<Q, A>, asked: Q, timeoutMs: number): Promise<A> {
    const startMs = performance.now();
    let code = 'OK';
    try {
      return await this.#client.call(method, asked, timeoutMs);
    } catch (error) {
      code = codeOf(error);
      throw error;
    } finally {
      this.#observer.onCall(method.path, code, performance.now() - startMs);
    }
  }
}

/** Status of the call that a failure comes from. */
export function codeOf(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof RpcError) return one.code;
  return 'unknown-non-grpc';
}
