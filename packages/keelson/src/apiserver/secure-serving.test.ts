import { once } from 'node:events';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { TestApiServer } from './testing/test-api-server.js';

let server: TestApiServer;
afterEach(() => server.stop());

async function start(...flags: string[]): Promise<void> {
  const more = ['--service-cluster-ip-range=10.96.0.0/16', '--disable-admission-plugins=ServiceAccount'];
  server = await TestApiServer.start([...more, ...flags]);
}

interface Offer {
  readonly maxVersion: SecureVersion;
  readonly ciphers?: string;
}

/** What is agreed on with a client that offers no more than this; the code of the failure when nothing is. */
async function agreed(offer: Offer): Promise<readonly string[]> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(server.url).port),
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ...offer,
  });
  try {
    await once(socket, 'secureConnect');
    return [socket.getProtocol() ?? '', ...(offer.maxVersion === 'TLSv1.3' ? [] : [cipherOf(socket)])];
  } catch (error) {
    return [(error as NodeJS.ErrnoException).code ?? ''];
  } finally {
    socket.destroy();
  }
}

function cipherOf(socket: TLSSocket): string {
  return socket.getCipher().standardName;
}

describe('what clients have to offer', () => {
  it('is TLS 1.2 or later', async () => {
    await start();
    expect(await agreed({ maxVersion: 'TLSv1.3' })).toEqual(['TLSv1.3']);
    expect((await agreed({ maxVersion: 'TLSv1.2' }))[0]).toBe('TLSv1.2');
    expect(await agreed({ maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).toEqual(['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION']);
  });

  it('is no less than --tls-min-version', async () => {
    await start('--tls-min-version=VersionTLS13');
    expect(await agreed({ maxVersion: 'TLSv1.3' })).toEqual(['TLSv1.3']);
    expect(await agreed({ maxVersion: 'TLSv1.2' })).toEqual(['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION']);
  });

  it('is one of --tls-cipher-suites', async () => {
    await start('--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect((await agreed({ maxVersion: 'TLSv1.2' }))[1]).toMatch(/^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_128_GCM_SHA256$/);
    const others = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384';
    expect(await agreed({ maxVersion: 'TLSv1.2', ciphers: others })).toEqual(['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE']);
  });
});

describe('what browsers are told', () => {
  it('is for the origins of --cors-allowed-origins, and to come back over TLS only', async () => {
    const origins = '--cors-allowed-origins=//a\\.example\\.com(:|$)';
    await start(origins, '--strict-transport-security-directives=max-age=60,includeSubDomains');
    const headers = (origin: string) => ({ headers: { origin, authorization: 'Bearer admin' } });
    const allowed = await server.ask('/version', headers('https://a.example.com'));
    expect([allowed.code, allowed.headers]).toMatchObject([
      200,
      {
        'strict-transport-security': 'max-age=60; includeSubDomains',
        'access-control-allow-origin': 'https://a.example.com',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
        'access-control-allow-headers':
          'Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since',
        'access-control-expose-headers': 'Date',
      },
    ]);
    // Asked first, without credentials, whether it may ask.
    const asked = await server.ask('/version', { method: 'OPTIONS', headers: { origin: 'https://a.example.com' } });
    expect([asked.code, asked.headers['access-control-allow-origin']]).toEqual([204, 'https://a.example.com']);
    const other = await server.ask('/version', headers('https://a.example.com.evil.com'));
    expect([other.code, other.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    expect(other.headers['strict-transport-security']).toBe('max-age=60; includeSubDomains');
  });
});
