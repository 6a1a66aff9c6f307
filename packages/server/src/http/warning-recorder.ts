import type { ServerResponse } from 'node:http';

/** Beyond this many characters of warnings in one response, each is cut to `truncatedLength`. */
const totalLength = 4096;
const truncatedLength = 256;

/** Collects the warnings of one response into its `Warning` headers (KEP-1693). */
export class WarningRecorder {
  readonly #res: ServerResponse;
  readonly #texts = new Set<string>();
  #headers: string[] = [];
  #written = 0;
  #truncating = false;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  add(text: string): void {
    if (text === '' || this.#texts.has(text) || this.#res.headersSent) return;
    this.#texts.add(text);
    this.#record(text);
    if (this.#headers.length > 0) this.#res.setHeader('Warning', this.#headers);
  }

  #record(text: string): void {
    if (this.#written >= totalLength) return;
    const characters = Array.from(text);
    const kept = this.#truncating && characters.length > truncatedLength ? characters.slice(0, truncatedLength) : characters;
    const header = formatWarning(kept.join(''));
    if (header === undefined) return;
    if (!this.#truncating && this.#written + kept.length > totalLength) {
      this.#truncateAll();
      return;
    }
    this.#written += kept.length;
    this.#headers.push(header);
  }

  /** Starts over with every text cut, the newest included. */
  #truncateAll(): void {
    this.#truncating = true;
    this.#written = 0;
    this.#headers = [];
    for (const text of this.#texts) this.#record(text);
  }
}

/** `299 - "text"` (RFC 7234, 5.5); undefined for a text with control characters. Bytes are UTF-8, one per character. */
export function formatWarning(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return undefined;
  const quoted = `299 - "${text.replace(/[\\"]/g, '\\$&')}"`;
  return Buffer.from(quoted, 'utf8').toString('latin1');
}
