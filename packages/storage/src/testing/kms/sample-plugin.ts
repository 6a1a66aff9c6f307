import { randomBytes } from 'node:crypto';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedHandleCall } from '@grpc/grpc-js';
import { AesGcm } from '../../encryption/ciphers/aes-gcm.js';
import {
  decryptRequest,
  decryptResponse,
  encryptRequest,
  encryptResponse,
  type Message,
  statusRequest,
  statusResponse,
} from '../../encryption/kms/kms-messages.js';

type Handler<Q, A> = (request: Q) => A;

/** A key management plugin (KMS v2) whose keys are in memory: for tests, and as a first thing to write one's own from. */
export class SamplePlugin {
  readonly #keys = new Map<string, AesGcm>();
  readonly #server = new Server();
  #keyId = '';
  healthz = 'ok';
  /** How often each method was called. */
  readonly calls = { Status: 0, Encrypt: 0, Decrypt: 0 };

  constructor() {
    this.rotate();
    this.#serve('Status', statusRequest, statusResponse, () => ({ version: 'v2', healthz: this.healthz, keyId: this.#keyId }));
    this.#serve('Encrypt', encryptRequest, encryptResponse, ({ plaintext }) => {
      const ciphertext = this.#cipher(this.#keyId).seal(plaintext, '');
      return { ciphertext, keyId: this.#keyId, annotations: { 'sample.example.com': Buffer.from('1') } };
    });
    this.#serve('Decrypt', decryptRequest, decryptResponse, ({ ciphertext, keyId }) => {
      return { plaintext: this.#cipher(keyId).open(ciphertext, '').value };
    });
  }

  /** Encrypts with a new key from now on; returns what it is called. What older ones have encrypted can still be decrypted. */
  rotate(): string {
    this.#keyId = `key-${this.#keys.size + 1}`;
    this.#keys.set(this.#keyId, new AesGcm(randomBytes(32)));
    return this.#keyId;
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #cipher(keyId: string): AesGcm {
    const cipher = this.#keys.get(keyId);
    if (cipher === undefined) throw new Error(`there is no key ${keyId}`);
    return cipher;
  }

  #serve<Q, A>(method: keyof SamplePlugin['calls'], request: Message<Q>, response: Message<A>, handle: Handler<Q, A>): void {
    const definition: ServiceDefinition = {
      [method]: {
        path: `/v2.KeyManagementService/${method}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: request.encode,
        requestDeserialize: request.decode,
        responseSerialize: response.encode,
        responseDeserialize: response.decode,
      },
    };
    const handler: UntypedHandleCall = (call: { readonly request: Q }, done: (error: Error | null, answer?: A) => void) => {
      this.calls[method] += 1;
      try {
        done(null, handle(call.request));
      } catch (error) {
        done(error as Error);
      }
    };
    this.#server.addService(definition, { [method]: handler });
  }
}
