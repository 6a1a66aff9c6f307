import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { requireFreePorts } from './port-check.js';
import { freePortRange } from './testing/free-ports.js';

const host = '127.0.0.1';

describe('requireFreePorts', () => {
  it('names every port in use and the flag that moves it', async () => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const free = await freePortRange(1);
    const check = requireFreePorts([
      { host, port: free, purpose: 'etcd-0', flag: '--etcd-port' },
      { host, port, purpose: 'HAProxy', flag: '--secure-port' },
      { host, port: 0, purpose: 'apiserver-0', flag: '--replica-port' },
    ]);
    await expect(check).rejects.toThrow(
      `port ${port} on ${host} for HAProxy is in use by another program: stop it, or choose another port with --secure-port\nport 0 for apiserver-0 is not between 1 and 65535: choose another with --replica-port`,
    );
    server.close();
    await once(server, 'close');
    await expect(requireFreePorts([{ host, port, purpose: 'HAProxy', flag: '--secure-port' }])).resolves.toBeUndefined();
  });
});
