// Runs a server as the tests start it until Ctrl-C: `node test/support/serve.mjs embedded|etcd|<masters> [--flag=value…]`.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const outfile = join(root, '.cache', `serve-${process.pid}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
process.env.KEELSON_PROGRAM ??= join(root, 'packages/keelson/bin/keelson.mjs');
await build({
  entryPoints: [join(here, 'serve.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
const { serve } = await import(pathToFileURL(outfile).href);
rmSync(outfile);
await serve(process.argv.slice(2));
