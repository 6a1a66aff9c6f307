import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { PluginServer } from '@keelson/grpc/testing';
import { type FetchKeysResponse, type SignerKey, type SignResponse, signerMethods } from '../external-signer/signer-messages.js';

/** A signer of service account tokens whose keys are in memory: for tests, and as a first thing to write one's own from. */
export class SampleSigner {
  readonly #server = new PluginServer();
  readonly #published: SignerKey[] = [];
  #current: { readonly id: string; readonly privateKey: KeyObject };
  maxTokenSeconds = 7200;
  refreshHintSeconds = 60;
  /** What it says that it has signed with, besides what it must say. */
  header: object = {};
  /** In place of the answer that it would give. */
  answer: Partial<SignResponse> = {};
  /** In place of what it would tell of its keys. */
  keySet: Partial<FetchKeysResponse> = {};
  /** Set: it refuses to tell of its keys, or to sign. */
  failure: Error | undefined;
  failSigning: Error | undefined;
  /** How often each method was called. */
  readonly calls = { Sign: 0, FetchKeys: 0, Metadata: 0 };

  constructor() {
    this.#current = this.rotate();
    this.#server.serve(signerMethods.sign, ({ claims }) => this.#sign(claims));
    this.#server.serve(signerMethods.fetchKeys, () => {
      this.calls.FetchKeys += 1;
      if (this.failure !== undefined) throw this.failure;
      const dataTimestamp = { seconds: 1_700_000_000 + this.#published.length, nanos: 0 };
      return { keys: this.#published, dataTimestamp, refreshHintSeconds: this.refreshHintSeconds, ...this.keySet };
    });
    this.#server.serve(signerMethods.metadata, () => {
      this.calls.Metadata += 1;
      return { maxTokenExpirationSeconds: this.maxTokenSeconds };
    });
  }

  /** Signs with a new key from now on. `published`: whether relying parties are to learn of it. */
  rotate(published = true): { readonly id: string; readonly privateKey: KeyObject } {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = `key-${this.#published.length + 1}`;
    this.#published.push({ keyId: id, key: publicKey.export({ format: 'der', type: 'spki' }), excludeFromOidcDiscovery: !published });
    this.#current = { id, privateKey };
    return this.#current;
  }

  listen(socket: string): Promise<void> {
    return this.#server.listen(socket);
  }

  stop(): void {
    this.#server.stop();
  }

  #sign(claims: string): SignResponse {
    this.calls.Sign += 1;
    if (this.failSigning !== undefined) throw this.failSigning;
    const { id, privateKey } = this.#current;
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: id, typ: 'JWT', ...this.header })).toString('base64url');
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return { header, signature: signature.toString('base64url'), ...this.answer };
  }
}
