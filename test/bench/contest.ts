import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientProcess } from './client-process.js';
import type { Comparison, Contender } from './comparisons.js';
import { cpuPerRequest } from './measure-requests.js';
import { type ServerSetup, ServerUnderTest, TOKEN } from './server-under-test.js';

interface Ratio {
  /** Of the costs. */
  readonly value: number;
  /** Of the rounds: how much the machine was used by others. */
  readonly least: number;
  readonly greatest: number;
}

/** What one contender costs by the base of its comparison. */
export interface ContestResult {
  readonly comparison: string;
  readonly scenario: string;
  readonly contender: string;
  /** CPU of one request, in the best quarter of the rounds: what others on the machine add to it differs from round to round. */
  readonly microseconds: number;
  /** By the base; absent for the base itself. */
  readonly ratio?: Ratio;
  readonly aim?: number;
}

export interface ContestSetup {
  /** With the store and certificates that each contender starts with a copy of. */
  readonly prepared: ServerSetup;
  readonly programs: string;
  readonly rounds: number;
  readonly roundMs: number;
}

interface Entrant {
  readonly contender: Contender;
  readonly server: ServerUnderTest;
  readonly client: ClientProcess;
}

/** Runs all contenders of a comparison at once and asks them in turns, to and fro: what slows the machine slows all of them. */
export class Contest {
  readonly #entrants: Entrant[] = [];

  private constructor(
    private readonly comparison: Comparison,
    private readonly setup: ContestSetup,
  ) {}

  static async run(comparison: Comparison, setup: ContestSetup, onResult: (result: ContestResult) => void): Promise<void> {
    const contest = new Contest(comparison, setup);
    try {
      for (const contender of [comparison.base, ...comparison.others]) await contest.#enter(contender);
      for (const scenario of comparison.scenarios) for (const result of await contest.#measure(scenario)) onResult(result);
    } finally {
      await contest.#end();
    }
  }

  async #enter(contender: Contender): Promise<void> {
    const { prepared, programs } = this.setup;
    const dir = `${prepared.dir}-${this.comparison.name}-${this.#entrants.length}`;
    await cp(prepared.dir, dir, { recursive: true });
    await mkdir(dir, { recursive: true });
    for (const [name, text] of Object.entries(contender.files ?? {})) await writeFile(join(dir, name), text);
    const inDir = (flags: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, value.replace('{dir}', dir)]));
    const flags = { ...inDir(prepared.flags), ...inDir(contender.flags) };
    const server = await ServerUnderTest.start({ ...prepared, dir, flags, program: contender.program ?? prepared.program });
    const token = contender.token === 'account' ? await accountToken(server) : (contender.token ?? TOKEN);
    const { process: client } = await ClientProcess.start(join(programs, 'load-client.mjs'), [server.url.href, token]);
    this.#entrants.push({ contender, server, client });
  }

  async #end(): Promise<void> {
    for (const { client, server } of this.#entrants) {
      await client.stop();
      await server.stop();
    }
  }

  async #measure(scenario: string): Promise<ContestResult[]> {
    const { rounds, roundMs } = this.setup;
    const costs = new Map<Entrant, number[]>(this.#entrants.map((entrant) => [entrant, []]));
    for (const { client } of this.#entrants) await client.ask({ scenario, forMs: 4 * roundMs });
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? this.#entrants : [...this.#entrants].reverse();
      for (const entrant of order) costs.get(entrant)?.push(await this.#cost(entrant, scenario, roundMs));
    }
    const [base = []] = costs.values();
    return [...costs].map(([{ contender }, own], at) => ({
      comparison: this.comparison.name,
      scenario,
      contender: contender.name,
      microseconds: best(own),
      ...(at > 0 && { ratio: ratioOf(own, base) }),
      ...(contender.aim !== undefined && { aim: contender.aim }),
    }));
  }

  #cost({ client, server }: Entrant, scenario: string, forMs: number): Promise<number> {
    return cpuPerRequest({ client, serverPid: server.pid }, { scenario, forMs });
  }
}

function ratioOf(own: readonly number[], base: readonly number[]): Ratio {
  const ofRounds = own.map((cost, round) => cost / (base[round] as number));
  return { value: best(own) / best(base), least: Math.min(...ofRounds), greatest: Math.max(...ofRounds) };
}

function best(costs: readonly number[]): number {
  return [...costs].sort((a, b) => a - b)[costs.length >> 2] ?? Number.NaN;
}

async function accountToken(server: ServerUnderTest): Promise<string> {
  const text = await server.call('POST', '/api/v1/namespaces/bench-0/serviceaccounts/reader/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [], expirationSeconds: 7200 },
  });
  return JSON.parse(text).status.token;
}
