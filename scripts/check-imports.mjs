// A package may import only packages before it in this list: the direction of the architecture.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ORDER = [
  'machinery',
  'pki',
  'grpc',
  'schema',
  'patch',
  'cel',
  'storage',
  'server',
  'auth',
  'admission',
  'api',
  'extensions',
  'aggregator',
  'controllers',
  'sdk',
  'load',
  'keelson',
];
/** These meet only through contracts, in the composition roots. */
const STRANGERS = [
  ['auth', 'server'],
  ['admission', 'server'],
  ['admission', 'auth'],
];
/** Native and heavy dependencies stay in the folders that adapt them. */
const CONFINED = [
  { pattern: /^etcd3$/, homes: ['packages/storage/src/etcd/'] },
  { pattern: /^@grpc\/grpc-js$/, homes: ['packages/storage/src/etcd/', 'packages/grpc/src/'] },
  { pattern: /^@noble\/ciphers/, homes: ['packages/storage/src/encryption/ciphers/'] },
  { pattern: /^lmdb$/, homes: ['packages/storage/src/embedded/'] },
];

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || name === 'dist' || name === 'gen') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (name.endsWith('.ts')) yield path;
  }
}

const problems = [];
for (const [rank, name] of ORDER.entries()) {
  let files;
  try {
    files = [...sources(`packages/${name}/src`)];
  } catch {
    continue; // not there yet
  }
  for (const file of files) {
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^'.][^']*)'/g)) {
      const imported = /^@keelson\/([^/]+)/.exec(specifier)?.[1];
      if (imported !== undefined) {
        const other = ORDER.indexOf(imported);
        if (other < 0 || (other > rank && imported !== name)) problems.push(`${file}: ${name} must not import ${imported}`);
        if (STRANGERS.some(([a, b]) => name === a && imported === b))
          problems.push(`${file}: ${name} and ${imported} meet only through contracts`);
      }
      const confined = CONFINED.find(({ pattern }) => pattern.test(specifier));
      const isHome = confined?.homes.some((home) => file.startsWith(home));
      if (confined && !isHome && !file.includes('/testing/') && !file.endsWith('.test.ts'))
        problems.push(`${file}: ${specifier} belongs to ${confined.homes.join(', ')}`);
    }
  }
}
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
