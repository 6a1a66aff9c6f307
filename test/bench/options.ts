import { parseArgs } from 'node:util';

export const usage = `Measures what the server costs: CPU of its process per operation, in units of a bare Node TLS server that is measured
between the rounds; times to start; memory.

  npm run bench -- [options]              all scenarios; results also go to bench-results/
  npm run bench -- compare [options]      what priority and fairness, access control and auditing cost: servers asked in turns
  npm run bench -- fixture [options]      fills a running server with pods

  --only <text>         only scenarios with this text in their name; may be repeated
  --seconds <n>         time for one scenario, default 3
  --backend <name>      embedded (default) or etcd (started here; fsync off)
  --quick               a short look: one second for one scenario
  --program <file>      the command line to measure, default packages/keelson/bin/keelson.mjs
  --node-options <text> options of node for the server, such as --cpu-prof
  --profile             CPU profiles of the server to bench-results/profiles; figures are higher then
  --list                the names of the scenarios

Options of compare, beside --only, --seconds, --program and --node-options:
  --rounds <n>          turns of each server, default 25
  --against <file>      compares --program with this other build, under the scenarios chosen by --only

Options of fixture:
  --url <url>           the server, default https://127.0.0.1:6443
  --token <token>       an administrator's
  --pods <n>            default 10000`;

const config = {
  only: { type: 'string', multiple: true },
  seconds: { type: 'string' },
  backend: { type: 'string', default: 'embedded' },
  quick: { type: 'boolean', default: false },
  program: { type: 'string', default: 'packages/keelson/bin/keelson.mjs' },
  'node-options': { type: 'string', default: '' },
  profile: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '25' },
  against: { type: 'string' },
  url: { type: 'string', default: 'https://127.0.0.1:6443' },
  token: { type: 'string', default: '' },
  pods: { type: 'string', default: '10000' },
  help: { type: 'boolean', default: false },
} as const;

export interface BenchOptions {
  readonly command: 'run' | 'compare' | 'fixture' | 'help' | 'list';
  readonly only: readonly string[];
  readonly scenarioMs: number;
  readonly backend: 'embedded' | 'etcd';
  readonly program: string;
  readonly nodeOptions: readonly string[];
  readonly profile: boolean;
  readonly rounds: number;
  /** Another build of the program. */
  readonly against: string | undefined;
  readonly url: string;
  readonly token: string;
  readonly pods: number;
}

/** Throws on options that make no sense. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true });
  const { backend } = values;
  if (backend !== 'embedded' && backend !== 'etcd') throw new Error(`no such backend: ${backend}`);
  const [command] = positionals;
  if (command !== undefined && command !== 'fixture' && command !== 'compare') throw new Error(`no such command: ${command}`);
  return {
    command: values.help ? 'help' : values.list ? 'list' : (command ?? 'run'),
    only: values.only ?? [],
    scenarioMs: positive(values.seconds ?? (values.quick ? '1' : '3'), '--seconds') * 1000,
    backend,
    program: values.program,
    nodeOptions: values['node-options'].split(' ').filter(Boolean),
    profile: values.profile,
    rounds: positive(values.rounds, '--rounds'),
    against: values.against,
    url: values.url,
    token: values.token,
    pods: positive(values.pods, '--pods'),
  };
}

function positive(text: string, name: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`);
  return value;
}
