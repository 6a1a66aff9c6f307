import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BenchPlaces } from './bench-run.js';
import { type Comparison, comparisons } from './comparisons.js';
import { Contest, type ContestResult } from './contest.js';
import type { BenchOptions } from './options.js';
import { namespaceName } from './pod-fixture.js';
import { requestScenarios } from './request-scenarios.js';
import { READERS, type ServerSetup, type ServerUnderTest } from './server-under-test.js';
import { StoreFixture } from './store-fixture.js';

const PODS = 10_000;
/** Rounds are short: many of them meet all moods of the machine. */
const ROUNDS_PER_SCENARIO_TIME = 15;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'bench-reader' };
/** What service accounts prove themselves by. */
const accountFlags = {
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-key-file': '{dir}/accounts.key',
  'service-account-signing-key-file': '{dir}/accounts.key',
};

/** Compares servers, each on an embedded store of its own with 10 000 pods. */
export async function compare(
  options: BenchOptions,
  { programs, root }: BenchPlaces,
  onResult: (result: ContestResult) => void,
): Promise<void> {
  const chosen = chooseComparisons(options, root);
  const top = await mkdtemp(join(tmpdir(), 'keelson-compare-'));
  const dir = join(top, 'prepared');
  try {
    await mkdir(join(dir, 'store'), { recursive: true });
    await writeFile(
      join(dir, 'accounts.key'),
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    const prepared: ServerSetup = { program: resolve(root, options.program), nodeOptions: options.nodeOptions, dir, etcdUrl: undefined };
    const fixture = new StoreFixture(prepared, programs);
    await fixture.prepare(letReadersRead);
    await fixture.load(0, PODS);
    const setup = {
      prepared: { ...prepared, flags: accountFlags },
      programs,
      rounds: options.rounds,
      roundMs: options.scenarioMs / ROUNDS_PER_SCENARIO_TIME,
    };
    for (const comparison of chosen) await Contest.run(comparison, setup, onResult);
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

/** `--against`: two builds under the scenarios asked for; else what `comparisons` lists. */
function chooseComparisons({ against, program, only }: BenchOptions, root: string): readonly Comparison[] {
  const wanted = (name: string) => only.length === 0 || only.some((text) => name.includes(text));
  if (against === undefined) return comparisons.filter(({ name }) => wanted(name));
  const scenarios = requestScenarios.filter(({ name, net }) => wanted(name) && net === undefined).map(({ name }) => name);
  return [{ name: 'builds', scenarios, base: { name: against, program: resolve(root, against) }, others: [{ name: program }] }];
}

async function letReadersRead(server: ServerUnderTest): Promise<void> {
  const account = { kind: 'ServiceAccount', name: 'reader', namespace: namespaceName(0) };
  const group = { apiGroup: role.apiGroup, kind: 'Group', name: READERS };
  await server.call('POST', `/api/v1/namespaces/${account.namespace}/serviceaccounts`, { metadata: { name: account.name } });
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'patch'] }];
  await server.call('POST', `${RBAC}/clusterroles`, { metadata: { name: role.name }, rules });
  await server.call('POST', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'bench-readers' },
    roleRef: role,
    subjects: [account, group],
  });
}
