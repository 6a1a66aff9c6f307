/**
 * A decoded path as it is sent: what was authorized is what the other server reads, whatever the client had escaped and how. Slashes that were
 * escaped are plain ones here as there.
 */
export function escapePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, (char) => (char === '?' ? '%3F' : '%23'));
}
