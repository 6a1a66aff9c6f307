import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterPaths } from './cluster-paths.js';
import { lockDataDir } from './data-dir-lock.js';
import { stopLeftoverProcesses } from './leftover-processes.js';
import { readLiveProcess, writeProcessRecord } from './process-record.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-record-'));
});

afterEach(() => rm(dir, { recursive: true }));

function startSleeper() {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'ignore' });
  return { child, pid: child.pid ?? 0, exited: once(child, 'exit') };
}

describe('process records', () => {
  it('tell a running process from an ended one', async () => {
    const file = join(dir, 'run', 'sleeper.json');
    const { child, pid, exited } = startSleeper();
    await writeProcessRecord(file, pid);
    expect(await readLiveProcess(file)).toMatchObject({ pid });
    child.kill();
    await exited;
    expect(await readLiveProcess(file)).toBeUndefined();
  });

  it('tell a process from a later one with the same number', async () => {
    const file = join(dir, 'me.json');
    await writeProcessRecord(file, process.pid);
    const record = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...record, startTime: '1' }));
    expect(await readLiveProcess(file)).toBeUndefined();
  });

  it.each(['', '{', 'null', '{"pid":"x"}'])('survive a file that holds %j', async (text) => {
    const file = join(dir, 'broken.json');
    await writeFile(file, text);
    expect(await readLiveProcess(file)).toBeUndefined();
  });
});

describe('lockDataDir', () => {
  it('refuses a directory that another process holds, and takes it over when that has ended', async () => {
    const paths = clusterPaths(dir);
    const { child, pid, exited } = startSleeper();
    await writeProcessRecord(join(dir, 'up.json'), pid);
    await expect(lockDataDir(paths)).rejects.toThrow(
      `${dir} is in use by another "keelson up" (process ${pid}): stop it, or choose another directory with --data-dir`,
    );
    child.kill();
    await exited;
    const unlock = await lockDataDir(paths);
    expect(await readLiveProcess(join(dir, 'up.json'))).toMatchObject({ pid: process.pid });
    await unlock();
    expect(await readLiveProcess(join(dir, 'up.json'))).toBeUndefined();
  });
});

describe('stopLeftoverProcesses', () => {
  it('ends what an earlier run left behind', async () => {
    const paths = clusterPaths(dir);
    const { pid, exited } = startSleeper();
    await writeProcessRecord(join(paths.run, 'etcd-0.json'), pid);
    const printed: string[] = [];
    const output = { print: (text: string) => void printed.push(text), warn: () => undefined, fail: () => undefined };
    await stopLeftoverProcesses(paths, output);
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(printed).toEqual([`stopping etcd-0 (process ${pid}), left over from an earlier run`]);
  });
});
