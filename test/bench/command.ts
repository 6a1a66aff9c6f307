import { ApiLoader } from './api-loader.js';
import { type BenchPlaces, BenchRun, scenarioNames } from './bench-run.js';
import { compare } from './compare-run.js';
import { contestHead, contestRow } from './contest-report.js';
import { type BenchOptions, parseOptions, usage } from './options.js';
import { tableHead, tableRow, writeResults } from './report.js';
import { isMet } from './result.js';

/** Runs the benchmark; gives its exit code: 0 when it ran, whether aims are met or not. */
export async function runBenchCommand(args: readonly string[], places: BenchPlaces): Promise<number> {
  try {
    const options = parseOptions(args);
    await commands[options.command](options, places);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

const commands = {
  help: async () => console.log(usage),
  list: async () => console.log(scenarioNames.join('\n')),
  fixture: loadFixture,
  compare: runComparisons,
  run,
} as const;

async function run(options: BenchOptions, places: BenchPlaces): Promise<void> {
  const startedMs = performance.now();
  console.log(tableHead);
  const results = await BenchRun.run(options, places, (result) => console.log(tableRow(result)));
  const judged = results.map(isMet).filter((met) => met !== undefined);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`\n${judged.filter(Boolean).length} of ${judged.length} aims met, ${seconds} s`);
  console.log(writeResults(places.root, options.backend, results));
}

async function runComparisons(options: BenchOptions, places: BenchPlaces): Promise<void> {
  console.log(contestHead);
  await compare(options, places, (result) => console.log(contestRow(result)));
}

async function loadFixture({ url, token, pods }: BenchOptions): Promise<void> {
  const loader = new ApiLoader(new URL(url), token);
  await loader.createNamespaces();
  const startedMs = performance.now();
  await loader.createPods(pods, (done) => console.log(`${done} pods, ${Math.round(performance.now() - startedMs)} ms`));
}
