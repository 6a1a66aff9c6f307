export interface RequestParts {
  readonly method: string;
  readonly path: string;
  /** '' for none. */
  readonly token: string;
  readonly accept?: string;
  readonly gzip?: boolean;
  readonly contentType?: string;
  readonly body?: string;
}

/** The bytes of an HTTP/1.1 request. */
export function httpRequest({ method, path, token, accept, gzip, contentType, body }: RequestParts): Buffer {
  const headers = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'User-Agent: bench',
    `Accept: ${accept ?? 'application/json'}`,
    ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    ...(gzip === true ? ['Accept-Encoding: gzip'] : []),
    ...(body === undefined ? [] : [`Content-Type: ${contentType ?? 'application/json'}`, `Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body ?? ''}`);
}
