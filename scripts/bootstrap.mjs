// Sets the checkout up and runs one of its commands. Needs nothing but Node and npm: it must work in a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(root, '.cache');
const node = process.execPath;
const tool = (name) => join(root, 'node_modules', '.bin', name);

const MINIMUM_NODE = [20, 20];

function fail(message) {
  console.error(`keelson: ${message}`);
  process.exit(1);
}

function run(what, command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`${what}: ${error.message}`);
  if (status !== 0) process.exit(signal ? 1 : status);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = MINIMUM_NODE;
  if (major < needMajor || (major === needMajor && minor < needMinor))
    fail(`Node ${needMajor}.${needMinor} or later is needed, this is ${process.versions.node}`);
}

/** Does `work` unless it was already done for this very `state`, which may change by the work itself. */
function once(name, state, work) {
  const stamp = join(stamps, name);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, state());
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** Path, size and time of every file that a build reads. */
function sourceState() {
  const parts = [process.versions.modules];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'dist' || entry.name === 'node_modules') continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|mjs|json|proto)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) {
        const { size, mtimeMs } = statSync(path);
        parts.push(`${path}:${size}:${mtimeMs}`);
      }
    }
  };
  walk(join(root, 'packages'));
  walk(join(root, 'proto'));
  return sha256(parts.join('\n'));
}

function installDependencies() {
  const state = () => (existsSync(join(root, 'node_modules')) ? sha256(readFileSync(join(root, 'package-lock.json'))) : 'missing');
  once('dependencies', state, () => {
    console.error('keelson: installing dependencies');
    // Not `npm ci`: it refuses where a registry lacks the optional binaries of other platforms.
    run('npm install', 'npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

function build() {
  run('generate', node, ['packages/schema/generate/main.mjs']);
  once('build', sourceState, () => {
    console.error('keelson: building');
    run('tsc', tool('tsc'), ['-b']);
    run('bundle', node, ['packages/keelson/build/bundle.mjs']);
  });
}

const commands = {
  build: () => undefined,
  start: (args) => run('keelson up', node, ['packages/keelson/bin/keelson.mjs', 'up', ...args]),
  test(args) {
    run('programs', node, ['scripts/programs.mjs']);
    run('vitest', tool('vitest'), ['run', ...args]);
  },
  check(args) {
    run('check', node, ['scripts/check.mjs', ...args]);
  },
  bench: (args) => run('bench', node, ['test/bench/main.mjs', ...args]),
};

const [command, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, command ?? '')) fail(`unknown command ${command}; there are ${Object.keys(commands).join(', ')}`);
checkNode();
installDependencies();
build();
// The command itself answers to Ctrl-C; this process only waits for it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
commands[command](args);
