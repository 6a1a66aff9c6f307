import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

/** By then a server is ready and everything it needed for that is compiled. */
const settledMs = 5000;

/**
 * Bytes of code that a function runs through before V8 looks whether to optimize it: less than a third of what is usual. A
 * write passes thousands of functions once each, and costs twice as much until they are compiled: the first 2000 writes
 * instead of the first 10 000. Not for the start, most of which runs once. Cached code is taken only under the options that
 * it was made under, so it is kept before.
 */
const interruptBudget = 20_000;

/**
 * How many times its size the space for young objects becomes when many of them last. Nearly all that the start makes does: the
 * space would grow to its greatest, be copied to and fro for nothing, and keep 20 MB of an idle server. Grows as usual later.
 */
const youngSpaceGrowth = { start: 1, settled: 2 };

/**
 * Threads that help to copy young objects. In a start there are few at a time, and what each thread is to be given costs more than
 * it saves.
 */
const parallelScavenge = { start: '--no-parallel-scavenge', settled: '--parallel-scavenge' };

/** Runs the bundle with compiled code kept from earlier runs, which more than halves the time to load it. */
export function launch(bundle) {
  setFlagsFromString(`--semi-space-growth-factor=${youngSpaceGrowth.start}`);
  setFlagsFromString(parallelScavenge.start);
  const keepCode = run(bundle, cacheDirectory(bundle));
  const settle = () => {
    keepCode();
    setFlagsFromString(`--semi-space-growth-factor=${youngSpaceGrowth.settled}`);
    setFlagsFromString(parallelScavenge.settled);
    setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
  };
  setTimeout(settle, settledMs).unref();
}

/**
 * Gives what keeps the code that is compiled by then. V8 takes cached code on trust for any source of the same length, so the
 * file's name tells versions apart. The bundle is ASCII: as Latin-1 it need not be decoded.
 */
function run(bundle, cacheDir) {
  const cacheFile = cacheDir && join(cacheDir, cacheName(bundle));
  const cachedData = cacheFile && readIfExists(cacheFile);
  const script = new vm.Script(readFileSync(bundle, 'latin1'), { filename: bundle, cachedData });
  const target = { exports: {} };
  script.runInThisContext()(target.exports, createRequire(pathToFileURL(bundle)), target, bundle, dirname(bundle));
  return () => {
    if (cacheFile && (cachedData === undefined || script.cachedDataRejected)) writeWhole(cacheFile, script.createCachedData());
  };
}

function cacheName(bundle) {
  const { size, mtimeMs } = statSync(bundle);
  return `keelson-${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}.v8`;
}

/** Beside the bundle, else in the user's cache; undefined when neither can be written: then there is no cache. */
function cacheDirectory(bundle) {
  const own = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return [join(dirname(bundle), '.cache'), join(own, 'keelson')].find((dir) => {
    try {
      // For the owner only: code in it is run.
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      return statSync(dir).uid === (process.getuid?.() ?? 0);
    } catch {
      return false;
    }
  });
}

function readIfExists(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeWhole(file, content) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
