import { ConnectDialer } from './connect-dialer.js';
import { dialAddressOf } from './dial-address.js';
import type { Dialer } from './dialer.js';
import { SocksDialer } from './socks-dialer.js';

/** Through the proxy at a URL of `http`, `https`, `socks5` or `socks5h`. `through`: the way to the proxy itself. */
export function proxyDialer(proxy: URL, through?: Dialer): Dialer {
  if (proxy.protocol.startsWith('socks5')) return new SocksDialer(proxy, through);
  const address = dialAddressOf(proxy);
  return new ConnectDialer({
    secure: proxy.protocol === 'https:',
    reach: address,
    ...(through && { through: { dialer: through, address } }),
    headers: proxyCredentials(proxy),
    refused: (answer) => `proxyconnect tcp: ${answer.statusMessage || answer.statusCode}`,
    failed: (error) => new Error(`proxyconnect tcp: ${error.message}`, { cause: error }),
  });
}

/** What a proxy knows the server by, as its URL has it. */
export function proxyCredentials({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
