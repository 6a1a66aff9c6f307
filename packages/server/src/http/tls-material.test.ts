import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authority, renewed, server } from './testing/certificates.js';
import { RecordedLog } from './testing/running-server.js';
import { readTlsFiles, TlsFileWatcher, type TlsMaterial } from './tls-material.js';

describe('TlsFileWatcher', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tls-'));
    await writeFile(join(directory, 'ca.crt'), authority);
    await writeFile(join(directory, 'one.crt'), server.certificate);
    await writeFile(join(directory, 'one.key'), server.key);
    await writeFile(join(directory, 'two.crt'), renewed.certificate);
    await writeFile(join(directory, 'two.key'), renewed.key);
    await point('one');
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function point(to: string): Promise<void> {
    for (const kind of ['crt', 'key']) {
      await unlink(join(directory, `tls.${kind}`)).catch(() => undefined);
      await symlink(join(directory, `${to}.${kind}`), join(directory, `tls.${kind}`));
    }
  }

  const files = () => ({
    certificateFile: join(directory, 'tls.crt'),
    keyFile: join(directory, 'tls.key'),
    clientAuthorityFiles: [join(directory, 'ca.crt')],
  });

  it('hands over changed files once, links included', async () => {
    const seen: string[] = [];
    const initial = await readTlsFiles(files());
    expect(String(initial.clientAuthorities?.[0])).toBe(authority);
    const watcher = new TlsFileWatcher(files(), initial, ({ certificate }) => seen.push(String(certificate)), new RecordedLog());
    watcher.start();
    await watcher.reread();
    expect(seen).toEqual([]);
    await point('two');
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([renewed.certificate]);
    watcher.close();
  });

  it('keeps what it has when the new files cannot be read or used', async () => {
    const log = new RecordedLog();
    const refuse = (_: TlsMaterial) => {
      throw new Error('key values mismatch');
    };
    const watcher = new TlsFileWatcher(files(), await readTlsFiles(files()), refuse, log);
    await point('two');
    await watcher.reread();
    await unlink(join(directory, 'tls.key'));
    await watcher.reread();
    expect(log.lines).toEqual(['error cannot reload serving certificates', 'error cannot reload serving certificates']);
  });
});
