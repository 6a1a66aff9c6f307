import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { refusalFor } from './refusal.js';
import { RulePlayer } from './rule-player.js';
import { allRules } from './rules/all-rules.js';

let server: RunningKeelson;
let player: RulePlayer;
beforeAll(async () => {
  const flags = {
    'runtime-config': 'api/all=true,api/legacy=true',
    'feature-gates': 'ClusterTrustBundle=true,PodCertificateRequest=true,StorageVersionMigrator=true',
    'service-cluster-ip-range': '10.0.0.0/24,fd00:10::/112',
  };
  server = await startApiServer({ backend: 'embedded', flags });
  player = new RulePlayer(server);
});
afterAll(async () => {
  player?.close();
  await server?.stop();
});

describe.each(allRules)('$kind', (kind) => {
  beforeAll(() => player.make(kind.given));
  it.each(kind.rules)('$rule', async (rule) => {
    expect((await player.outcome(kind, rule, rule.accepted)).outcome).toBe('accepted');
    const { outcome, name } = await player.outcome(kind, rule, rule.refused);
    expect(outcome).toEqual(refusalFor(kind.kind, name, rule));
  });
});
