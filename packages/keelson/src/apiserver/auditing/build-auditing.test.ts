import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instruments, type Log } from '@keelson/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiServerFlags } from '../../flags/apiserver-flags.js';
import { parseFlags } from '../../flags/parse-flags.js';
import { auditOptions } from '../from-flags/auditing.js';
import { buildAuditing } from './build-auditing.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'auditing-'));
  await writeFile(join(dir, 'policy.yaml'), 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, verb: [get]}]\n');
  await writeFile(join(dir, 'empty.yaml'), 'apiVersion: audit.k8s.io/v1\nkind: Policy\n');
});
afterAll(() => rm(dir, { recursive: true }));

const lines: string[] = [];
const note = (message: string) => void lines.push(message);
const log: Log = { error: note, warn: note, info: (_, message) => note(message), enabled: () => true };

function build(...args: string[]) {
  const problems: string[] = [];
  const options = auditOptions(parseFlags(apiServerFlags, args).values, (problem) => problems.push(problem));
  expect(problems).toEqual([]);
  lines.length = 0;
  return buildAuditing(options, new Instruments().audit, {}, log);
}

const policy = () => `--audit-policy-file=${join(dir, 'policy.yaml')}`;

describe('buildAuditing', () => {
  it('audits nothing without a policy, or without anywhere to write to', async () => {
    expect([await build(), await build(policy())]).toEqual([undefined, undefined]);
    expect(await build('--audit-log-path=-', '--audit-webhook-config-file=/nowhere')).toBeUndefined();
    expect(lines).toEqual([
      'No audit policy file provided, no events will be recorded for log backend',
      'No audit policy file provided, no events will be recorded for webhook backend',
    ]);
  });

  it('makes the log, and warns of what a policy does not have', async () => {
    const file = join(dir, 'new', 'audit.log');
    const auditing = await build(policy(), `--audit-log-path=${file}`);
    expect([(await stat(file)).mode & 0o777, await readFile(file, 'utf8')]).toEqual([0o600, '']);
    expect(lines).toEqual([
      'Audit policy contains errors, falling back to lenient decoding: strict decoding error: unknown field "rules[0].verb"',
    ]);
    await auditing?.close();
  });

  it('says what is wrong with files', async () => {
    const none = join(dir, 'none.yaml');
    const empty = join(dir, 'empty.yaml');
    const to = '--audit-log-path=-';
    await expect(build(`--audit-policy-file=${none}`, to)).rejects.toThrow(
      `loading audit policy file: failed to read file path "${none}": ENOENT: no such file or directory, open '${none}'`,
    );
    await expect(build(`--audit-policy-file=${empty}`, to)).rejects.toThrow(
      `loading audit policy file: loaded illegal policy with 0 rules: from file ${empty}`,
    );
    await expect(build(policy(), `--audit-webhook-config-file=${none}`)).rejects.toThrow(
      `initializing audit webhook: stat ${none}: no such file or directory`,
    );
  });
});
