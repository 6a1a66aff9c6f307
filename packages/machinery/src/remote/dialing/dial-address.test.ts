import { expect, it } from 'vitest';
import { authorityOf, dialAddressOf } from './dial-address.js';

it.each([
  ['http://proxy', 'proxy', 80, 'proxy:80'],
  ['https://10.0.0.1/path', '10.0.0.1', 443, '10.0.0.1:443'],
  ['https://[::1]:6443', '::1', 6443, '[::1]:6443'],
  ['socks5h://proxy.example.com', 'proxy.example.com', 1080, 'proxy.example.com:1080'],
])('finds the server of %s', (url, host, port, authority) => {
  const address = dialAddressOf(new URL(url));
  expect([address, authorityOf(address)]).toEqual([{ host, port }, authority]);
});
