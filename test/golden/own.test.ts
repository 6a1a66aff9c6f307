import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { readArea } from './golden-case.js';
import { ownServers } from './own-servers.js';
import { playCases } from './play-cases.js';
import { Player } from './player.js';
import { caseText } from './report.js';

const own = fileURLToPath(new URL('./own', import.meta.url));

function areasOf(folder: string): string[] {
  return readdirSync(join(own, folder)).map((file) => basename(file, '.jsonl'));
}

it('plays every folder', () => {
  expect(ownServers.map(({ folder }) => folder).sort()).toEqual(readdirSync(own).sort());
});

/** Conversations about kinds, versions and plugins that the recorded ones do not show, in the same form. */
describe.each(ownServers)('conversations of our own in $folder', ({ folder, flags, files }) => {
  let server: RunningKeelson;
  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded', flags, files });
  });
  afterAll(() => server?.stop());

  it.each(areasOf(folder))(
    '%s: no case differs',
    async (area) => {
      const { url, ca, adminToken, aliceToken } = server;
      const player = new Player({ url, ca, adminToken, aliceToken });
      const cases = readArea(join(own, folder), area);
      const results = await playCases(player, cases, 2);
      await player.close();
      expect(results.filter(({ failures }) => failures.length > 0).map(caseText)).toEqual([]);
      expect(results.map(({ id }) => id).sort()).toEqual(cases.map(({ id }) => id).sort());
    },
    300_000,
  );
});
