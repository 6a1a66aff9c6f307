// Bundles the player and runs it: `node test/golden/run.mjs --help`.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(dirname(dirname(here)), '.cache');
const outfile = join(cache, `golden-${process.pid}.mjs`);

mkdirSync(cache, { recursive: true });
await build({
  entryPoints: [join(here, 'command.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
const { runGoldenCommand } = await import(pathToFileURL(outfile).href);
rmSync(outfile);
process.exitCode = await runGoldenCommand(process.argv.slice(2));
