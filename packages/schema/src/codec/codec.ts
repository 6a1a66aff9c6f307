import type { Codec } from '../kind.js';

export function codecOf<T extends object>(fullName: string): Codec<T> {
  throw new Error(`no codec for ${fullName}`);
}
