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
  /** True: it signs no more, and relying parties do not learn of it. */
  readonly unpublished?: boolean;
}

/** The keys that tokens of service accounts may be signed with at present. */
export interface TokenKeys {
  readonly all: readonly VerificationKey[];
  /** Those that a token may be signed with which names this key, or any where it names none. */
  named(id: string | undefined): readonly VerificationKey[] | Promise<readonly VerificationKey[]>;
  /** How long others may go on with what they have read of them. */
  readonly maxAgeSeconds: number;
  /** Has it called whenever they have changed. */
  onChange(changed: () => void): void;
}

/** Of keys that change with the server's start only: a new one must be among them this long before it signs. */
const STATIC_AGE_SECONDS = 3600;

/** The keys of `--service-account-key-file`: several, while one takes the place of another. */
export class VerificationKeys implements TokenKeys {
  readonly maxAgeSeconds = STATIC_AGE_SECONDS;
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

  named(id: string | undefined): readonly VerificationKey[] {
    return id ? (this.#byId.get(id) ?? []) : this.all;
  }

  onChange(): void {
    // They do not.
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
