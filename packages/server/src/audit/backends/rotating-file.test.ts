import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupPath, tidyBackups } from './rotated-files.js';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.js';

let dir: string;
let failures: unknown[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'audit-'));
  failures = [];
});
afterEach(async () => {
  await rm(dir, { recursive: true });
  expect(failures).toEqual([]);
});

const path = () => join(dir, 'log', 'audit.log');
const open = (options: Partial<RotatingFileOptions> = {}) =>
  RotatingFile.open({
    path: path(),
    maxBytes: 10,
    maxBackups: 0,
    maxAgeDays: 0,
    compress: false,
    onFailure: (error) => failures.push(error),
    ...options,
  });
const line = (text: string) => Buffer.from(`${text}\n`);
const content = (name: string) => readFile(join(dir, 'log', name), 'utf8');
const backups = async () => (await readdir(join(dir, 'log'))).filter((name) => name !== 'audit.log').sort();
const modeOf = async (name: string) => ((await stat(join(dir, name))).mode & 0o777).toString(8);

describe('a log file', () => {
  it('is made with its directory, for nobody else to read', async () => {
    const file = await open();
    expect([await modeOf('log'), await modeOf('log/audit.log'), await content('audit.log')]).toEqual(['700', '600', '']);
    await file.close();
  });

  it('is gone on with', async () => {
    for (const text of ['a', 'b']) {
      const file = await open();
      await file.append(line(text));
      await file.close();
    }
    expect([await content('audit.log'), await backups()]).toEqual(['a\nb\n', []]);
  });

  it('is put aside before it becomes too large, also by what was there', async () => {
    await (await open()).close();
    await writeFile(path(), 'old\n');
    const file = await open();
    for (const text of ['12345', '1234', '5']) await file.append(line(text));
    await file.close();
    const [first = ''] = await backups();
    expect(first).toMatch(/^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/);
    expect([await content(first), await content('audit.log')]).toEqual(['old\n12345\n', '1234\n5\n']);
  });

  it('takes no line that is larger than a file', async () => {
    const file = await open();
    await expect(file.append(line('1234567890'))).rejects.toThrow('write length 11 exceeds maximum file size 10');
    await file.append(line('1'));
    await file.close();
    expect(await content('audit.log')).toBe('1\n');
  });

  it('stays readable to those whom somebody let read it', async () => {
    const file = await open();
    await chmod(path(), 0o640);
    for (const text of ['123456', '123456']) await file.append(line(text));
    await file.close();
    expect(await modeOf('log/audit.log')).toBe('640');
  });

  it('is begun again when it was taken away', async () => {
    const file = await open();
    await file.append(line('123456'));
    await rm(path());
    await file.append(line('1234567'));
    await file.close();
    expect([await content('audit.log'), await backups()]).toEqual(['1234567\n', []]);
  });

  it('has its old files removed and compressed', async () => {
    const file = await open({ maxBackups: 2, compress: true });
    for (const text of ['first---', 'second--', 'third---', 'fourth--']) await file.append(line(text));
    await file.close();
    const names = await backups();
    expect(names.every((name) => name.endsWith('.log.gz'))).toBe(true);
    const texts = await Promise.all(names.map(async (name) => gunzipSync(await readFile(join(dir, 'log', name))).toString()));
    expect(texts).toEqual(['second--\n', 'third---\n']);
    expect(await modeOf(join('log', names[0] ?? ''))).toBe('600');
  });
});

describe('tidyBackups', () => {
  const at = (day: string) => new Date(`2025-01-${day}T00:00:00.000Z`);
  const now = at('10').getTime();
  const put = async (...names: string[]) => {
    for (const name of names) await writeFile(join(dir, name), name);
  };
  const left = async () => (await readdir(dir)).sort();
  const nameOf = (day: string) => backupPath('audit.log', at(day));

  it('removes by age as the names tell it, and nothing else', async () => {
    await put(nameOf('01'), `${nameOf('02')}.gz`, nameOf('08'), 'audit.log', 'audit-x.log', 'audit-2025-01-01.log', 'other.log');
    await utimes(join(dir, nameOf('08')), 0, 0);
    await tidyBackups(join(dir, 'audit.log'), { maxBackups: 0, maxAgeDays: 3, compress: false }, now);
    expect(await left()).toEqual(['audit-2025-01-01.log', nameOf('08'), 'audit-x.log', 'audit.log', 'other.log']);
  });

  it('counts a file and its compressed form as one', async () => {
    await put(nameOf('01'), nameOf('02'), `${nameOf('02')}.gz`, nameOf('03'));
    await tidyBackups(join(dir, 'audit.log'), { maxBackups: 2, maxAgeDays: 0, compress: false }, now);
    expect(await left()).toEqual([nameOf('02'), `${nameOf('02')}.gz`, nameOf('03')]);
  });
});
