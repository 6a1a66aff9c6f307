import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pemBlocks } from '@keelson/machinery';
import { keyIdOf } from './key-id.js';
import { signingAlgorithms } from './signing-algorithms.js';

/** A public key that tokens may be signed with. */
export interface VerificationKey {
  readonly id: string;
  readonly key: KeyObject;
  /** That which its holder signs with comes first. */
  readonly algorithms: readonly [string, ...string[]];
}

/** The keys of `--service-account-key-file`: several, while one takes the place of another. */
export class VerificationKeys {
  readonly all: readonly VerificationKey[];
  readonly #byId = new Map<string, VerificationKey[]>();

  constructor(all: readonly VerificationKey[]) {
    this.all = all;
    for (const key of all) this.#byId.set(key.id, [...(this.#byId.get(key.id) ?? []), key]);
  }

  /** Reads the files once, as Kubernetes does. Throws when one cannot be read or has no key. */
  static fromFiles(files: readonly string[]): VerificationKeys {
    return new VerificationKeys(
      files.flatMap((file) => {
        try {
          return parseVerificationKeys(readFileSync(file, 'utf8'));
        } catch (error) {
          throw new Error(`error reading public key file ${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
        }
      }),
    );
  }

  /** Those that a token may be signed with which names this key, or any where it names none. */
  named(id: string | undefined): readonly VerificationKey[] {
    return id ? (this.#byId.get(id) ?? []) : this.all;
  }
}

/** The public keys in a PEM file, of RSA and ECDSA: bare, those of private keys, and of certificates. Other blocks do not matter. */
export function parseVerificationKeys(pem: string): VerificationKey[] {
  const keys = pemBlocks(pem).flatMap(({ text }) => publicKeyIn(text) ?? []);
  if (keys.length === 0) throw new Error('data does not contain any valid RSA or ECDSA public keys');
  return keys.map((key) => ({ id: keyIdOf(key), key, algorithms: signingAlgorithms(key) }));
}

function publicKeyIn(block: string): KeyObject | undefined {
  try {
    const key = createPublicKey(block);
    return key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    // Not a key, such as the parameters of a curve, which tools write before one.
    return undefined;
  }
}
