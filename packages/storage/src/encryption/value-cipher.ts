/** A value as it was before it was sealed. `stale`: it would be sealed otherwise now. */
export interface OpenedValue {
  readonly value: Buffer;
  readonly stale: boolean;
}

type Awaitable<T> = T | Promise<T>;

/**
 * Turns values into what is stored and back. `key` is the full key of the store: a sealed value copied to another key
 * cannot be opened there, where the cipher authenticates. Failures have the words of kube-apiserver, and never any of the
 * value. A promise only where a key has to be fetched.
 */
export interface ValueCipher {
  open(sealed: Buffer, key: string): Awaitable<OpenedValue>;
  seal(value: Uint8Array, key: string): Awaitable<Uint8Array>;
}

/** Begins every sealed value. */
const SEALED = Buffer.from('k8s:enc:');

export function isSealed(value: Buffer): boolean {
  return value.length >= SEALED.length && value.compare(SEALED, 0, SEALED.length, 0, SEALED.length) === 0;
}
