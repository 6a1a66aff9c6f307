import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pemBlocks } from '@keelson/machinery';
import { CompactSign } from 'jose';
import { keyIdOf } from './key-id.js';
import { signingAlgorithms } from './signing-algorithms.js';

const encoder = new TextEncoder();

/** Makes JSON Web Tokens of claims. */
export interface ClaimsSigner {
  sign(claims: object): Promise<string>;
}

/** Signs claims with a private key. */
export class TokenSigner implements ClaimsSigner {
  readonly #key: KeyObject;
  readonly #header: { readonly alg: string; readonly kid: string };

  constructor(key: KeyObject) {
    this.#key = key;
    const [alg] = signingAlgorithms(key);
    this.#header = { alg, kid: keyIdOf(key) };
  }

  /** Takes the first private key of a PEM file. Throws when there is none. */
  static fromFile(file: string): TokenSigner {
    try {
      return new TokenSigner(firstPrivateKey(readFileSync(file, 'utf8')));
    } catch (error) {
      throw new Error(`error reading private key file ${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }

  sign(claims: object): Promise<string> {
    return new CompactSign(encoder.encode(JSON.stringify(claims))).setProtectedHeader(this.#header).sign(this.#key);
  }
}

function firstPrivateKey(pem: string): KeyObject {
  const block = pemBlocks(pem).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block !== undefined) return createPrivateKey(block.text);
  throw new Error('data does not contain a valid RSA or ECDSA private key');
}
