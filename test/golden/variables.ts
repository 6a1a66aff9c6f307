import { randomInt } from 'node:crypto';

const letters = 'bcdfghjklmnpqrstvwxyz';
const lettersAndDigits = `${letters}2456789`;

/** A token as `${u}` asks for: eight characters, a letter first; without vowels and the digits that look like them. */
export function newToken(): string {
  const pick = (from: string) => from.charAt(randomInt(from.length));
  return pick(letters) + Array.from({ length: 7 }, () => pick(lettersAndDigits)).join('');
}

const placeholder = (name: string) => `\${${name}}`;
const capitalized = (token: string) => token.charAt(0).toUpperCase() + token.slice(1);

/** What the placeholders of one play of a case stand for. */
export class Variables {
  readonly token: string;
  readonly #values = new Map<string, string>();
  /** Values to put placeholders back for, the ones to look for first in front. */
  #restored: (readonly [value: string, placeholder: string])[] = [];

  constructor(token: string, namespace: string | undefined, aliceToken: string) {
    this.token = token;
    this.#values.set('u', token).set('U', capitalized(token)).set('alicetoken', aliceToken);
    if (namespace !== undefined) {
      this.#values.set('ns', namespace);
      this.#restored.push([namespace, placeholder('ns')]);
    }
    this.#restored.push([token, placeholder('u')], [capitalized(token), placeholder('U')]);
  }

  save(name: string, value: string): void {
    this.#values.set(name, value);
    if (name.startsWith('S_') && value !== '') this.#restored.unshift([value, placeholder(name)]);
  }

  /** Fills in the placeholders that are known; others are ordinary text. */
  substitute(text: string): string {
    return text.replace(/\$\{(\w+)\}/g, (placeholder, name: string) => this.#values.get(name) ?? placeholder);
  }

  /** Puts the placeholders back. */
  restore(text: string): string {
    return this.#restored.reduce((restored, [value, placeholder]) => restored.replaceAll(value, placeholder), text);
  }

  /** Fills in the token in bytes, where the eight bytes `uuuuuuuu` stand for it. */
  substituteBytes(bytes: Buffer): Buffer {
    return Buffer.from(bytes.toString('latin1').replaceAll('uuuuuuuu', this.token), 'latin1');
  }
}
