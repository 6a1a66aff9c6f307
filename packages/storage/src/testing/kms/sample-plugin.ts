import { randomBytes } from 'node:crypto';
import { PluginServer } from '@keelson/grpc/testing';
import { AesGcm } from '../../encryption/ciphers/aes-gcm.js';
import { kmsMethods } from '../../encryption/kms/kms-messages.js';

/** A key management plugin (KMS v2) whose keys are in memory: for tests, and as a first thing to write one's own from. */
export class SamplePlugin {
  readonly #keys = new Map<string, AesGcm>();
  readonly #server = new PluginServer();
  #keyId = '';
  healthz = 'ok';
  /** How often each method was called. */
  readonly calls = { Status: 0, Encrypt: 0, Decrypt: 0 };

  constructor() {
    this.rotate();
    this.#server.serve(kmsMethods.status, () => {
      this.calls.Status += 1;
      return { version: 'v2', healthz: this.healthz, keyId: this.#keyId };
    });
    this.#server.serve(kmsMethods.encrypt, ({ plaintext }) => {
      this.calls.Encrypt += 1;
      const ciphertext = this.#cipher(this.#keyId).seal(plaintext, '');
      return { ciphertext, keyId: this.#keyId, annotations: { 'sample.example.com': Buffer.from('1') } };
    });
    this.#server.serve(kmsMethods.decrypt, ({ ciphertext, keyId }) => {
      this.calls.Decrypt += 1;
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
    return this.#server.listen(socket);
  }

  stop(): void {
    this.#server.stop();
  }

  #cipher(keyId: string): AesGcm {
    const cipher = this.#keys.get(keyId);
    if (cipher === undefined) throw new Error(`there is no key ${keyId}`);
    return cipher;
  }
}
