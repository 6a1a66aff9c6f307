import { type Authority, isWornOut, newAuthority } from './authority.js';
import type { AuthorityKeeper } from './authority-keeper.js';

/** Kept in memory: nobody else has it, and the next process makes another one. */
export class OwnAuthority implements AuthorityKeeper {
  readonly #name: string;
  #authority: Authority | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  async current(now: Date): Promise<Authority> {
    const known = this.#authority;
    if (known !== undefined && !isWornOut(known, now)) return known;
    this.#authority = await newAuthority(this.#name, now, known);
    return this.#authority;
  }

  /** Nobody else can. */
  follow(): () => void {
    return () => undefined;
  }
}
