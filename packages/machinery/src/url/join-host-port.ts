/** `10.0.0.1:80`, `[::1]:80`, `localhost:80`: what has a colon of its own is an address of IPv6 (RFC 3986, 3.2.2). */
export function joinHostPort(host: string, port: number | string | undefined): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
