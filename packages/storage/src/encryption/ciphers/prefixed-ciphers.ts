import { aggregate } from '@keelson/machinery';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';

export interface PrefixedCipher {
  /** Begins what the cipher has sealed; '' for one that leaves values as they are. */
  readonly prefix: string;
  readonly cipher: ValueCipher;
}

interface Candidate {
  readonly prefix: Buffer;
  readonly cipher: ValueCipher;
}

/** Seals with the first of some ciphers and opens with whichever can: how keys and providers are rotated. */
export class PrefixedCiphers implements ValueCipher {
  readonly #candidates: readonly Candidate[];
  readonly #noMatch: string;

  /** At least one. `noMatch`: why a value that none of them knows cannot be opened. */
  constructor(ciphers: readonly PrefixedCipher[], noMatch: string) {
    this.#candidates = ciphers.map(({ prefix, cipher }) => ({ prefix: Buffer.from(prefix), cipher }));
    this.#noMatch = noMatch;
  }

  open(sealed: Buffer, key: string): OpenedValue | Promise<OpenedValue> {
    return this.#openFrom(0, sealed, key, []);
  }

  seal(value: Uint8Array, key: string): Uint8Array | Promise<Uint8Array> {
    const { prefix, cipher } = this.#candidates[0] as Candidate;
    const sealed = cipher.seal(value, key);
    if (prefix.length === 0) return sealed;
    return sealed instanceof Promise ? sealed.then((bytes) => Buffer.concat([prefix, bytes])) : Buffer.concat([prefix, sealed]);
  }

  /** Several may have the same prefix and different keys, so that the failure of one is not yet the last word. */
  #openFrom(first: number, sealed: Buffer, key: string, failures: readonly Error[]): OpenedValue | Promise<OpenedValue> {
    const at = this.#candidates.findIndex(({ prefix }, index) => index >= first && startsWith(sealed, prefix));
    if (at < 0) throw failure(failures, this.#noMatch);
    const { prefix, cipher } = this.#candidates[at] as Candidate;
    const goOn = (error: unknown) => this.#openFrom(at + 1, sealed, key, prefix.length === 0 ? failures : [...failures, error as Error]);
    const found = ({ value, stale }: OpenedValue) => ({ value, stale: stale || at > 0 });
    try {
      const opened = cipher.open(sealed.subarray(prefix.length), key);
      return opened instanceof Promise ? opened.then(found, goOn) : found(opened);
    } catch (error) {
      return goOn(error);
    }
  }
}

function startsWith(value: Buffer, prefix: Buffer): boolean {
  return value.length >= prefix.length && value.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

function failure(failures: readonly Error[], noMatch: string): Error {
  if (failures.length === 0) return new Error(noMatch);
  return new Error(aggregate(failures.map(({ message }) => message)), { cause: failures[0] });
}
