import { ExtensionServer } from '@keelson/aggregator/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const GROUP = 'gadgets.example.com';

describe.each(kubectlPrograms())('kubectl $version and an extension server', (program) => {
  let server: RunningKeelson;
  let extension: ExtensionServer;
  let kubectl: Kubectl;

  beforeAll(async () => {
    extension = await ExtensionServer.start({ group: GROUP });
    const override = `default/gadgets=${extension.address}`;
    server = await startApiServer({ backend: 'embedded', flags: { 'service-dial-override': override } });
    kubectl = new Kubectl(program, server);
    const apiService = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', ...extension.apiService() };
    await kubectl.ok(['apply', '-f', '-'], { input: apiService });
    await kubectl.ok(['wait', `apiservices/v1.${GROUP}`, '--for=condition=Available', '--timeout=60s']);
  });
  afterAll(async () => {
    await extension?.kill();
    await server?.stop();
  });

  it('know its resources', async () => {
    expect(await kubectl.ok(['api-resources', `--api-group=${GROUP}`, '--no-headers', '-o', 'name'])).toBe(`gadgets.${GROUP}\n`);
    expect(await kubectl.ok(['get', 'gd', '-n', 'default', '-o', 'name'])).toBe(`gadget.${GROUP}/one\n`);
    expect(await kubectl.ok(['get', 'apiservice', `v1.${GROUP}`, '--no-headers'])).toMatch(
      /^v1\.gadgets\.example\.com\s+default\/gadgets\s+True\s+\S+\n$/,
    );
  });

  it('explain its kinds', async () => {
    const told = await kubectl.ok(['explain', 'gadget.size']);
    expect(told).toContain('How large it is.');
  });

  it('go on without it', async () => {
    await extension.kill();
    await kubectl.ok(['wait', `apiservices/v1.${GROUP}`, '--for=condition=Available=False', '--timeout=60s']);
    const { code, stderr } = await kubectl.run(['get', 'gadgets', '-n', 'default']);
    const why = 'Error from server (ServiceUnavailable): the server is currently unable to handle the request';
    expect([code, stderr]).toEqual([1, `${why} (get gadgets.${GROUP})\n`]);
    expect(await kubectl.ok(['get', 'namespace', 'default', '-o', 'name'])).toBe('namespace/default\n');
  });
});
