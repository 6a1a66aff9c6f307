import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, installAdvice } from './required-program.js';

describe('findProgram', () => {
  it('looks along the path for what can be executed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'keelson-path-'));
    const [plain, executable] = [join(dir, 'some-data'), join(dir, 'some-program')];
    await writeFile(plain, '');
    await writeFile(executable, '');
    await chmod(executable, 0o755);
    expect(await findProgram('some-program', `/nowhere::${dir}`)).toBe(executable);
    expect(await findProgram('some-data', dir)).toBeUndefined();
    await rm(dir, { recursive: true });
  });
});

describe('installAdvice', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"', 'Install with: sudo apt-get install etcd-server haproxy'],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'Install with: sudo apt-get install etcd-server haproxy'],
    ['ID="fedora"\n', 'Install with: sudo dnf install etcd haproxy'],
    ['ID=plan9', 'Install etcd and haproxy and make sure they are on the PATH.'],
    ['', 'Install etcd and haproxy and make sure they are on the PATH.'],
  ])('for %j', (osRelease, advice) => {
    expect(installAdvice(['etcd', 'haproxy'], osRelease)).toBe(advice);
  });
});
