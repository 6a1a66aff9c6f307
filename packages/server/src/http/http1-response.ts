import { type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';

type HeaderValue = Parameters<ServerResponse['setHeader']>[1];
type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * A response that keeps its headers as a list of names and values until they leave. Node's own store checks each when
 * it is set and makes an entry by its lower-case name: a few of them cost more than all filters. Here a bad one is noticed when
 * the head is written, which then fails and forgets them all, so that an error can still be told.
 */
export class Http1Response extends ServerResponse {
  #headers: OutgoingHttpHeader[] = [];

  override setHeader(name: string, value: HeaderValue): this {
    // Which says that it is too late.
    if (this.headersSent) return super.setHeader(name, value);
    const at = this.#find(name);
    if (at < 0) this.#headers.push(name, value as OutgoingHttpHeader);
    else this.#headers[at + 1] = value as OutgoingHttpHeader;
    return this;
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    const known = this.getHeader(name);
    return this.setHeader(name, known === undefined ? value : [known, value].flat().map(String));
  }

  override removeHeader(name: string): void {
    super.removeHeader(name);
    const at = this.#find(name);
    if (at >= 0) this.#headers.splice(at, 2);
  }

  override getHeader(name: string): OutgoingHttpHeader | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : this.#headers[at + 1];
  }

  override hasHeader(name: string): boolean {
    return this.#find(name) >= 0;
  }

  override getHeaders(): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {};
    for (let at = 0; at < this.#headers.length; at += 2) headers[String(this.#headers[at]).toLowerCase()] = this.#headers[at + 1];
    return headers;
  }

  override getHeaderNames(): string[] {
    return Object.keys(this.getHeaders());
  }

  /** Node calls it for every answer, also where the head is implied. */
  override writeHead(code: number, reason?: string | GivenHeaders, more?: GivenHeaders): this {
    const given = typeof reason === 'string' ? more : reason;
    if (given !== undefined) this.#setAll(given);
    try {
      return typeof reason === 'string' ? super.writeHead(code, reason, this.#headers) : super.writeHead(code, this.#headers);
    } catch (error) {
      if (!this.headersSent) this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#headers = [];
    this.statusMessage = '';
  }

  #setAll(given: GivenHeaders): void {
    if (!Array.isArray(given)) {
      for (const [name, value = ''] of Object.entries(given)) this.setHeader(name, value);
      return;
    }
    for (let at = 0; at < given.length; at += 2) this.setHeader(String(given[at]), given[at + 1] as OutgoingHttpHeader);
  }

  /** There are few: looking at each is faster than a table of them. */
  #find(name: string): number {
    const headers = this.#headers;
    for (let at = 0; at < headers.length; at += 2) {
      const known = headers[at] as string;
      if (known === name || (known.length === name.length && known.toLowerCase() === name.toLowerCase())) return at;
    }
    return -1;
  }
}
