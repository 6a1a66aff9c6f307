import { ConnectDialer } from './connect-dialer.js';
import { dialAddressOf } from './dial-address.js';
import type { Dialer } from './dialer.js';
import { SocksDialer } from './socks-dialer.js';

/** Through the proxy at a URL of `http`, `https`, `socks5` or `socks5h`. `through`: the way to the proxy itself. */
export function proxyDialer(proxy: URL, through?: Dialer): Dialer {
  if (proxy.protocol.startsWith('socks5')) return new SocksDialer(proxy, through);
  const { username, password } = proxy;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const address = dialAddressOf(proxy);
  return new ConnectDialer({
    secure: proxy.protocol === 'https:',
    reach: address,
    ...(through && { through: { dialer: through, address } }),
    ...(username !== '' && { headers: { 'Proxy-Authorization': `Basic ${credentials}` } }),
    refused: (answer) => `proxyconnect tcp: ${answer.statusMessage || answer.statusCode}`,
    failed: (error) => new Error(`proxyconnect tcp: ${error.message}`, { cause: error }),
  });
}
