// Bundles the command line into keelson.cjs in dist/bundle, or in the directory given: one file loads several times faster than the hundreds it is
// made of, and V8 can keep the compiled code of one script (see launch.mjs). Modules that are imported lazily stay
// lazy: they run when they are first asked for.
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { deferredPackages } from './deferred-packages.mjs';
import { protoAtBuild } from './proto-at-build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = resolve(process.argv[2] ?? join(root, 'dist', 'bundle'));

/** Have native parts, which cannot be bundled. */
const native = ['lmdb'];

/** Native parts that other packages use when they are there; they are not installed. */
const optional = ['bufferutil', 'utf-8-validate'];

/** Needed only when a certificate has to be made: kept out of what every start reads. */
const rare = ['@peculiar/x509', 'reflect-metadata'];

await rm(outDir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { keelson: 'src/main.ts' },
  outdir: outDir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.20',
  conditions: ['@keelson/source'],
  external: [...native, ...optional, ...rare],
  // Lazy imports of packages become lazy requires: a script run from cached code has no loader for import().
  supported: { 'dynamic-import': false },
  // CommonJS has no import.meta, and packages look for their own files with it.
  define: { 'import.meta.url': '__importMetaUrl' },
  // A script that gives the function of a CommonJS module: its text is compiled as it lies in the file (see launch.mjs).
  banner: {
    js: "(function (exports, require, module, __filename, __dirname) {const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
  },
  footer: { js: '})' },
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [protoAtBuild, deferredPackages],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

assertAscii(join(outDir, 'keelson.cjs'));

await mkdir(outDir, { recursive: true });
await writeFile(join(outDir, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);

const [bundle] = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.cjs'));
process.stdout.write(`bundled ${Object.keys(metafile.inputs).length} files into ${bundle[0]}, ${Math.round(bundle[1].bytes / 1024)} KiB\n`);

/** The text is taken as it lies in the file (see launch.mjs). What is in a regular expression has to be written as an escape. */
function assertAscii(file) {
  const text = readFileSync(file);
  const at = text.findIndex((byte) => byte > 0x7f);
  if (at >= 0) throw new Error(`${file} has a character beyond ASCII: ${text.subarray(Math.max(0, at - 40), at + 20)}`);
}

/** Lets `npm install` in the output folder fetch what was left out, in the versions that were tested. */
function manifest() {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const dependencies = Object.fromEntries([...native, ...rare].map((name) => [name, installedVersion(name)]));
  return { name: 'keelson-bundle', version, license, private: true, type: 'commonjs', dependencies };
}

function installedVersion(name) {
  const require = createRequire(join(root, 'package.json'));
  for (const dir of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(join(dir, name, 'package.json'), 'utf8')).version;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${name} is not installed, looked from ${dirname(root)}`);
}
