import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordings } from '../recordings.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { extraFlags, startApiServer } from '../support/start-api-server.js';
import { readArea } from './golden-case.js';
import { playCases } from './play-cases.js';
import { Player } from './player.js';
import { caseText } from './report.js';

const golden = recordings('golden');

/** Cases known to differ, by area: what is not there yet. A case that turns equal must leave the list. */
const known = JSON.parse(readFileSync(new URL('./known-differences.json', import.meta.url), 'utf8')) as Record<string, string[]>;

/** What was recorded on a server that had more switched on. */
const extraAreas = ['extra'];

describe.runIf(golden !== undefined).each([
  { flags: {}, areas: Object.keys(known).filter((area) => !extraAreas.includes(area)) },
  { flags: extraFlags, areas: extraAreas },
])('recorded conversations with $areas', ({ flags, areas }) => {
  let server: RunningKeelson;
  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded', flags });
  });
  afterAll(() => server?.stop());

  it.each(areas)(
    '%s: exactly the known cases differ',
    async (area) => {
      const { url, ca, adminToken, aliceToken } = server;
      const player = new Player({ url, ca, adminToken, aliceToken });
      const results = await playCases(player, readArea(golden ?? '', area), 4);
      await player.close();
      const differing = results.filter(({ failures }) => failures.length > 0);
      const unexpected = differing.filter(({ id }) => !known[area]?.includes(id));
      expect(unexpected.map(caseText)).toEqual([]);
      expect(differing.map(({ id }) => id).sort()).toEqual(known[area]);
    },
    300_000,
  );
});
