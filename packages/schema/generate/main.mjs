// Generates src/gen from proto/: types, kinds and schema tables. Does nothing when no input changed.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const protoRoot = join(here, '../../../proto');
const outRoot = join(here, '../src/gen');
const stampFile = join(outRoot, '.stamp');

/** All files below `root` that end in `ending`, sorted. */
function filesBelow(root, ending) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

async function generate(protoFiles) {
  const { readProto } = await import('./read-proto.mjs');
  const { typeModules } = await import('./type-modules.mjs');
  const { indexModules } = await import('./index-modules.mjs');
  const { tableModules } = await import('./table-modules.mjs');
  const packages = readProto(protoRoot, protoFiles);
  return new Map([...typeModules(packages), ...indexModules(packages), ...tableModules(packages)]);
}

const protoFiles = filesBelow(protoRoot, '.proto');
const stamp = hashOf([...protoFiles, ...filesBelow(here, '.mjs')]);
if (stamp !== readStamp()) {
  const modules = await generate(protoFiles);
  rmSync(outRoot, { recursive: true, force: true });
  for (const [path, text] of modules) {
    const file = join(outRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  writeFileSync(stampFile, stamp);
  console.log(`generated ${modules.size} modules in ${outRoot}`);
}
