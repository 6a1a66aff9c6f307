import { PluginClient } from '@keelson/grpc';
import { type DecryptRequest, type EncryptResponse, kmsMethods, type StatusResponse } from './kms-messages.js';

/** What a key management plugin does. */
export interface KmsService {
  status(): Promise<StatusResponse>;
  encrypt(plaintext: Buffer, uid: string): Promise<EncryptResponse>;
  decrypt(request: DecryptRequest): Promise<Buffer>;
  close(): void;
}

/** A plugin on a unix socket: `unix:///run/kms.sock`, or `unix:///@name` in the abstract namespace. */
export class KmsClient implements KmsService {
  readonly #client: PluginClient;
  readonly #timeoutMs: number;

  constructor(endpoint: string, timeoutMs: number) {
    this.#client = new PluginClient(new URL(endpoint).pathname.replace(/^\/@/, '@'));
    this.#timeoutMs = timeoutMs;
  }

  status(): Promise<StatusResponse> {
    return this.#client.call(kmsMethods.status, {}, this.#timeoutMs);
  }

  encrypt(plaintext: Buffer, uid: string): Promise<EncryptResponse> {
    return this.#client.call(kmsMethods.encrypt, { plaintext, uid }, this.#timeoutMs);
  }

  async decrypt(request: DecryptRequest): Promise<Buffer> {
    return (await this.#client.call(kmsMethods.decrypt, request, this.#timeoutMs)).plaintext;
  }

  close(): void {
    this.#client.close();
  }
}
