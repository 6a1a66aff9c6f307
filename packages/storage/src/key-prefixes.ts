/** What keys below a prefix are of. Prefixes end with a slash; the longest one counts. */
export class KeyPrefixes<T> {
  readonly #entries = new Map<string, T>();

  set(prefix: string, entry: T): void {
    this.#entries.set(prefix, entry);
  }

  find(key: string): T | undefined {
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      const entry = this.#entries.get(key.slice(0, end + 1));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }
}
