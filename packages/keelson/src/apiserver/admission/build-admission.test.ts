import type { Authorizer, Log } from '@keelson/machinery';
import { Instruments, ServerObjects } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { apiServerFlags } from '../../flags/apiserver-flags.js';
import { FlagError } from '../../flags/flag-error.js';
import { parseFlags } from '../../flags/parse-flags.js';
import { admissionOptions } from '../from-flags/admission.js';
import { serviceOptions } from '../from-flags/services.js';
import { buildAdmission } from './build-admission.js';

async function build(...args: string[]) {
  const problems: string[] = [];
  const report = (problem: string) => problems.push(problem);
  const { values } = parseFlags(apiServerFlags, args);
  const options = { admission: admissionOptions(values, report), services: serviceOptions(values, report), features: new Map() };
  expect(problems).toEqual([]);
  const lines: string[] = [];
  const note = (message: string) => void lines.push(message);
  const log: Log = { error: note, warn: note, info: (_, message) => note(message), enabled: () => true };
  const authorizer: Authorizer = { authorize: () => ({ decision: 'allow' }) };
  const plugins = await buildAdmission(options, {
    objects: new ServerObjects(),
    authorizer,
    log,
    egress: {},
    instruments: new Instruments(),
  });
  return { names: plugins.map(({ name }) => name), lines };
}

describe('buildAdmission', () => {
  it('tells the order of the plugins, once for each of the steps they take part in', async () => {
    expect(await build('--admission-control=DefaultStorageClass,LimitRanger,DenyServiceExternalIPs')).toEqual({
      names: ['LimitRanger', 'DefaultStorageClass', 'DenyServiceExternalIPs'],
      lines: [
        'Loaded 2 mutating admission controller(s) successfully in the following order: LimitRanger,DefaultStorageClass.',
        'Loaded 2 validating admission controller(s) successfully in the following order: LimitRanger,DenyServiceExternalIPs.',
      ],
    });
  });

  it('tells of no step without plugins', async () => {
    expect((await build('--admission-control=AlwaysDeny')).lines).toHaveLength(2);
    expect((await build('--admission-control=NamespaceExists')).lines).toEqual([
      'Loaded 1 validating admission controller(s) successfully in the following order: NamespaceExists.',
    ]);
  });

  it('gives the user what a plugin says of its configuration', async () => {
    const problem = `failed to apply admission: couldn't init admission plugin "ImagePolicyWebhook": no config specified`;
    await expect(build('--admission-control=ImagePolicyWebhook')).rejects.toThrow(new FlagError(problem));
  });
});
