import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { EtcdAddress, GoldenServer } from './api-client.js';
import { type GoldenCase, readArea } from './golden-case.js';
import { playCases } from './play-cases.js';
import { type CaseResult, Player } from './player.js';
import { areaLine, caseText, groupFailures } from './report.js';

const usage = `Plays recorded conversations with Kubernetes against a running server and tells what differs.

  node test/golden/run.mjs --url https://127.0.0.1:6443 --token <admin's> --alice-token <alice's> --recordings <folder>

  --ca <file>          authority of the server's certificate; without it the certificate is not checked
  --etcd <url>         etcd behind the server, for cases that look into it (--etcd-ca, --etcd-cert, --etcd-key: files)
  --area <name>        only this area, may be repeated; default: all but "extra", which needs a server with more flags
  --case <text>        only cases with this text in their id, may be repeated
  --jobs <n>           cases at once, default 4
  --groups <n>         groups of failures to show, default 20
  --quiet              no details of single cases
  --verbose            every case as it is played
  --report <file>      write all results as JSON`;

const options = {
  url: { type: 'string', default: 'https://127.0.0.1:6443' },
  ca: { type: 'string' },
  token: { type: 'string', default: 'admin-token' },
  'alice-token': { type: 'string', default: 'alice-token' },
  recordings: { type: 'string' },
  etcd: { type: 'string' },
  'etcd-ca': { type: 'string' },
  'etcd-cert': { type: 'string' },
  'etcd-key': { type: 'string' },
  area: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true },
  jobs: { type: 'string', default: '4' },
  groups: { type: 'string', default: '20' },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  report: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof readArgs>;

/** Runs the command; gives its exit code: 0 when all played cases are equal. */
export async function runGoldenCommand(args: readonly string[]): Promise<number> {
  const values = readArgs(args);
  if (values.help || values.recordings === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const player = new Player(serverOf(values), Number(values.jobs) + 4);
  const results: CaseResult[] = [];
  try {
    for (const area of areasOf(values)) results.push(...(await playArea(player, area, values)));
  } finally {
    await player.close();
  }
  return summarize(results, values);
}

function readArgs(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values;
}

function serverOf(values: Values): GoldenServer {
  return {
    url: values.url,
    ca: readOptional(values.ca),
    adminToken: values.token,
    aliceToken: values['alice-token'],
    etcd: etcdOf(values),
  };
}

function etcdOf(values: Values): EtcdAddress | undefined {
  if (values.etcd === undefined) return undefined;
  const [ca, cert, key] = [values['etcd-ca'], values['etcd-cert'], values['etcd-key']].map(readOptional);
  return { url: values.etcd, ca, cert, key };
}

function readOptional(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}

function areasOf({ area, recordings = '' }: Values): readonly string[] {
  if (area !== undefined) return area;
  const recorded = readdirSync(recordings).filter((file) => file.endsWith('.jsonl'));
  return recorded.map((file) => basename(file, '.jsonl')).filter((name) => name !== 'extra');
}

async function playArea(player: Player, area: string, values: Values): Promise<CaseResult[]> {
  const matches = ({ id }: GoldenCase) => values.case?.some((text) => id.includes(text)) ?? true;
  const cases = readArea(values.recordings ?? '', area).filter(matches);
  const results = await playCases(player, cases, Number(values.jobs), (result) => {
    if (values.verbose) console.log(`${result.failures.length === 0 ? 'equal ' : 'DIFFERS'} ${result.id} ${result.seconds.toFixed(2)}s`);
  });
  if (cases.length > 0) console.log(areaLine(area, results, cases.length - results.length));
  return results;
}

function summarize(results: readonly CaseResult[], values: Values): number {
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (!values.quiet) for (const result of failed) console.log(`\n${caseText(result)}`);
  const groups = groupFailures(failed);
  console.log(`\n${areaLine('all', results, 0)}`);
  if (groups.length > 0) console.log('\nFirst differences, most frequent first:');
  for (const { cause, ids } of groups.slice(0, Number(values.groups))) {
    console.log(`${String(ids.length).padStart(5)}  ${cause}\n         e.g. ${ids.slice(0, 2).join('  ')}`);
  }
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ results, groups }, undefined, 1));
  return failed.length === 0 ? 0 : 1;
}
