import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { readArea } from './golden-case.js';
import { playCases } from './play-cases.js';
import { Player } from './player.js';
import { caseText } from './report.js';

const own = fileURLToPath(new URL('./own', import.meta.url));
const areas = readdirSync(own).map((file) => basename(file, '.jsonl'));

/** Conversations about kinds and versions that the recorded ones do not show, in the same form. */
describe('conversations of our own', () => {
  let server: RunningKeelson;
  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded', flags: { 'runtime-config': 'api/all=true' } });
  });
  afterAll(() => server?.stop());

  it.each(areas)('%s: no case differs', async (area) => {
    const { url, ca, adminToken, aliceToken } = server;
    const player = new Player({ url, ca, adminToken, aliceToken });
    const cases = readArea(own, area);
    const results = await playCases(player, cases, 2);
    await player.close();
    expect(results.filter(({ failures }) => failures.length > 0).map(caseText)).toEqual([]);
    expect(results.map(({ id }) => id).sort()).toEqual(cases.map(({ id }) => id).sort());
  });
});
