import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSpec, ProcessStatus } from './supervised-process.js';
import { SupervisedProcess } from './supervised-process.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-process-'));
});

afterEach(() => rm(dir, { recursive: true }));

/** A process running `script`, ready once it has written "ready" to its log. */
function supervise(script: string, overrides: Partial<ProcessSpec> = {}) {
  const states = new EventEmitter();
  const seen: string[] = [];
  const logFile = join(dir, 'logs', 'program.log');
  const spec: ProcessSpec = {
    name: 'program',
    command: [process.execPath, '-e', script],
    endpoint: 'https://127.0.0.1:1',
    logFile,
    recordFile: join(dir, 'run', 'program.json'),
    isReady: async () => (await readFile(logFile, 'utf8')).endsWith('ready\n'),
    startTimeoutMs: 20_000,
    stopTimeoutMs: 20_000,
    ...overrides,
  };
  const supervised = new SupervisedProcess(spec, (status: ProcessStatus) => {
    seen.push(`${status.state} ${status.detail}`.trim());
    states.emit(status.state, status);
  });
  return { supervised, states, seen, logFile };
}

const server = "console.log('ready'); setTimeout(() => {}, 600_000);";

describe('SupervisedProcess', () => {
  it('starts, is ready, stops', async () => {
    const { supervised, seen } = supervise(server);
    await supervised.start();
    expect(supervised.status).toMatchObject({ state: 'ready', pid: expect.any(Number) });
    await supervised.stop();
    expect(seen).toEqual(['starting', 'ready', 'stopping', 'stopped']);
    expect(supervised.status.pid).toBeUndefined();
  });

  it('tells why it did not start', async () => {
    const { supervised, logFile } = supervise("console.error('no such disk'); process.exitCode = 7;");
    await expect(supervised.start()).rejects.toThrow(new Error(`program ended (code 7). The end of ${logFile}:\nno such disk`));
    await supervised.stop();
  });

  it('tells when the program does not exist', async () => {
    const { supervised } = supervise('', { command: ['/nowhere/program'] });
    await expect(supervised.start()).rejects.toThrow(/^program ended \(spawn \/nowhere\/program ENOENT\)/);
    await supervised.stop();
  });

  it('gives up on one that does not become ready', async () => {
    const { supervised } = supervise('setTimeout(() => {}, 600_000)', { startTimeoutMs: 50 });
    await expect(supervised.start()).rejects.toThrow(/^program was not ready after 0.05 s/);
    await supervised.stop();
  });

  it('restarts one that dies', async () => {
    const { supervised, states, seen } = supervise(server);
    await supervised.start();
    const first = supervised.status.pid;
    const again = once(states, 'ready');
    process.kill(first ?? 0, 'SIGKILL');
    const [status] = await again;
    expect(status.pid).not.toBe(first);
    expect(seen).toEqual(['starting', 'ready', 'restarting ended (signal SIGKILL), starts again in 1 s', 'restarting', 'ready']);
    await supervised.stop();
  });

  it('does not restart while stopping, not even in the pause before a restart', async () => {
    const { supervised, states } = supervise(server);
    await supervised.start();
    const restarting = once(states, 'restarting');
    process.kill(supervised.status.pid ?? 0, 'SIGKILL');
    await restarting;
    await supervised.stop();
    expect(supervised.status).toMatchObject({ state: 'stopped', pid: undefined });
  });

  it('lets one end by itself without restarting it', async () => {
    const { supervised, seen } = supervise(`process.on('SIGUSR1', () => process.exit(0)); ${server}`);
    await supervised.start();
    supervised.retire('SIGUSR1');
    await supervised.stop();
    expect(seen).toEqual(['starting', 'ready', 'stopping', 'stopped']);
  });

  it('kills one that does not end in time', async () => {
    const { supervised, seen } = supervise(`process.on('SIGTERM', () => {}); ${server}`, { stopTimeoutMs: 50 });
    await supervised.start();
    await supervised.stop();
    expect(seen.at(-1)).toBe('stopped killed, it did not end in time');
  });

  it('kills one at once and does not restart it', async () => {
    const { supervised, seen } = supervise(`process.on('SIGTERM', () => {}); ${server}`);
    await supervised.start();
    supervised.kill();
    await supervised.stop();
    expect(seen).toEqual(['starting', 'ready', 'stopping', 'stopped killed, it did not end in time']);
  });
});
