import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../logging/create-log.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';
import { installLogVerbosity } from './install-log-verbosity.js';

const target = new PassThrough();
const log = createLog({ format: 'text', verbosity: 2, target });
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  installLogVerbosity(server.api.paths, log);
});

afterAll(stopTestServers);

async function put(body: string) {
  const { code, headers, text } = await server.client.put('/debug/flags/v', body);
  return [code, headers['content-type'], text];
}

describe('/debug/flags', () => {
  it('makes the log more or less detailed', async () => {
    log.info(4, 'before');
    expect([log.verbosity, log.enabled(4)]).toEqual([2, false]);
    expect(await put('4')).toEqual([200, 'text/plain', 'successfully set klog.logging.verbosity to 4\n']);
    log.info(4, 'meanwhile');
    expect([log.verbosity, log.enabled(4)]).toEqual([4, true]);
    expect(await put('0')).toEqual([200, 'text/plain', 'successfully set klog.logging.verbosity to 0\n']);
    log.info(4, 'after');
    expect(log.enabled(4)).toBe(false);
    await expect.poll(() => String(target.read() ?? '')).toMatch(/^[^\n]+"meanwhile"\n$/);
  });

  it.each([
    ['x', 'strconv.ParseUint: parsing "x": invalid syntax\n'],
    ['', 'strconv.ParseUint: parsing "": invalid syntax\n'],
    ['-1', 'strconv.ParseUint: parsing "-1": invalid syntax\n'],
    ['5000000000', 'strconv.ParseUint: parsing "5000000000": value out of range\n'],
    ['4000000000', 'failed set klog.logging.verbosity 4000000000: strconv.ParseInt: parsing "4000000000": value out of range\n'],
  ])('refuses %j', async (body, text) => {
    expect(await put(body)).toEqual([400, 'text/plain', text]);
  });

  it('takes PUT only, of a few bytes', async () => {
    const { code, text } = await server.client.get('/debug/flags/v');
    expect([code, text]).toEqual([406, 'unsupported http method\n']);
    expect((await server.client.put('/debug/flags/v', '1'.repeat(2000))).code).toBe(413);
  });

  it('shows what there is, and is not listed itself', async () => {
    for (const path of ['/debug/flags', '/debug/flags/', '/debug/flags/x']) {
      const { code, headers, text } = await server.client.get(path);
      expect([code, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('<li>/debug/flags/v</li>');
    }
    expect(server.api.paths.paths.filter((path) => path.startsWith('/debug'))).toEqual([]);
  });
});
