// Bundles the command line into dist/keelson.mjs: one file loads several times faster than the hundreds it is made of.
// Packages with native parts stay outside, and so does everything that is imported lazily by design.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Native addons cannot be bundled. */
const native = ['lmdb', 'bufferutil', 'utf-8-validate'];

/** Needed at the first start only, to make certificates. */
const rare = ['@peculiar/x509', 'reflect-metadata'];

await rm(`${root}dist/bundle`, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { keelson: 'src/main.ts' },
  outdir: 'dist/bundle',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // Lazy imports stay lazy: each becomes a file of its own.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.20',
  conditions: ['@keelson/source'],
  external: [...native, ...rare],
  // Bundled CommonJS packages call require for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  sourcemap: 'linked',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`bundled ${Object.keys(result.metafile.inputs).length} files, ${Math.round(bytes / 1024)} KiB with source maps\n`);
