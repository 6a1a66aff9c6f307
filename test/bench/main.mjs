// Measures what the server costs: `npm run bench -- --help`. Bundles the benchmark's programs and runs the first of them.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const outdir = join(root, '.cache', `bench-${process.pid}`);

mkdirSync(outdir, { recursive: true });
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
await build({
  entryPoints: ['command', 'bare-server', 'load-client', 'watch-client', 'store-loader', 'control-planes'].map((name) =>
    join(here, `${name}.ts`),
  ),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@keelson/source'],
  external: ['lmdb', 'etcd3', '@grpc/grpc-js', 'protobufjs', 'long', 'yaml', 'koa', 'winston', 'prom-client', 'ws', 'keelson/testing'],
  define: { 'import.meta.dirname': JSON.stringify(here) },
  logLevel: 'warning',
});
const { runBenchCommand } = await import(pathToFileURL(join(outdir, 'command.mjs')).href);
process.exitCode = await runBenchCommand(process.argv.slice(2), { programs: outdir, root });
process.exit();
