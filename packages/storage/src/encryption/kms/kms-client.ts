import { Client, credentials } from '@grpc/grpc-js';
import {
  type DecryptRequest,
  decryptRequest,
  decryptResponse,
  type EncryptResponse,
  encryptRequest,
  encryptResponse,
  type Message,
  type StatusResponse,
  statusRequest,
  statusResponse,
} from './kms-messages.js';

/** What a key management plugin does. */
export interface KmsService {
  status(): Promise<StatusResponse>;
  encrypt(plaintext: Buffer, uid: string): Promise<EncryptResponse>;
  decrypt(request: DecryptRequest): Promise<Buffer>;
  close(): void;
}

/** A plugin on a unix socket: `unix:///run/kms.sock`, or `unix:///@name` in the abstract namespace. */
export class KmsClient implements KmsService {
  readonly #client: Client;
  readonly #timeoutMs: number;

  constructor(endpoint: string, timeoutMs: number) {
    const path = new URL(endpoint).pathname;
    const target = path.startsWith('/@') ? `unix-abstract:${path.slice(2)}` : `unix:${path}`;
    this.#client = new Client(target, credentials.createInsecure(), {
      'grpc.default_authority': 'localhost',
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
    this.#timeoutMs = timeoutMs;
  }

  status(): Promise<StatusResponse> {
    return this.#call('Status', statusRequest, statusResponse, {});
  }

  encrypt(plaintext: Buffer, uid: string): Promise<EncryptResponse> {
    return this.#call('Encrypt', encryptRequest, encryptResponse, { plaintext, uid });
  }

  async decrypt(request: DecryptRequest): Promise<Buffer> {
    return (await this.#call('Decrypt', decryptRequest, decryptResponse, request)).plaintext;
  }

  close(): void {
    this.#client.close();
  }

  /** Waits for a plugin that is not there yet, for as long as a call may take. */
  #call<Q, A>(method: string, request: Message<Q>, response: Message<A>, asked: Q): Promise<A> {
    const deadline = Date.now() + this.#timeoutMs;
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(deadline, (notReady) => {
        if (notReady) return reject(notReady);
        this.#client.makeUnaryRequest(
          `/v2.KeyManagementService/${method}`,
          (message: Q) => request.encode(message),
          (bytes: Buffer) => response.decode(bytes),
          asked,
          { deadline },
          (error, answer) => (error === null ? resolve(answer as A) : reject(error)),
        );
      });
    });
  }
}
