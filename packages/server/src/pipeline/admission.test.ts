import type { AdmissionPlugin, ServedVersion } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { AdmissionMetrics } from '../metrics/admission/admission-metrics.js';
import { MetricsRegistry } from '../metrics/registry/metrics-registry.js';
import { Admission, type MutationAttributes } from './admission.js';

function plugin(name: string, told: string[], operations: readonly string[] = ['CREATE'], only?: 'admit' | 'validate'): AdmissionPlugin {
  const admit = async () => void told.push(`${name} admits`);
  const validate = () => void told.push(`${name} validates`);
  return {
    name,
    handles: (operation) => operations.includes(operation),
    ...(only !== 'validate' && { admit }),
    ...(only !== 'admit' && { validate }),
  };
}

const served = { resource: { group: 'apps', version: 'v1', resource: 'deployments' } } as ServedVersion;
const attributes = (operation: string) => ({ operation, served, nextRound: () => false }) as MutationAttributes;

it('asks those who handle the operation, in their order', async () => {
  const told: string[] = [];
  const admission = new Admission([
    plugin('a', told),
    plugin('b', told, ['DELETE']),
    plugin('c', told, ['CREATE'], 'validate'),
    plugin('d', told, ['CREATE'], 'admit'),
  ]);
  await admission.mutate(attributes('CREATE'));
  expect(told.splice(0)).toEqual(['a admits', 'd admits']);
  await admission.validate(attributes('CREATE'));
  expect(told.splice(0)).toEqual(['a validates', 'c validates']);
  await admission.mutate(attributes('DELETE'));
  expect(told).toEqual(['b admits']);
});

it('goes by those that have nothing to do with the resource, and counts them', async () => {
  const told: string[] = [];
  const registry = new MetricsRegistry();
  const about = (name: string, resources: readonly string[]) => ({ ...plugin(name, told), resources });
  const plugins = [about('a', ['pods']), about('b', ['pods', 'deployments.apps']), about('c', ['deployments'])];
  const admission = new Admission(plugins, new AdmissionMetrics(registry));
  await admission.mutate(attributes('CREATE'));
  expect(admission.validate(attributes('CREATE'))).toBeUndefined();
  expect(told).toEqual(['b admits', 'b validates']);
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const counted = text.matchAll(/controller_admission_duration_seconds_count\{name="(\w)",type="admit".*\} (\d)$/gm);
  expect([...counted].map(([, ...one]) => one.join()).sort()).toEqual(['a,1', 'b,1', 'c,1']);
});

it('asks nobody behind one who refuses', async () => {
  const told: string[] = [];
  const refuse: AdmissionPlugin = {
    name: 'refuse',
    handles: () => true,
    validate() {
      throw new Error('no');
    },
  };
  expect(() => new Admission([refuse, plugin('a', told)]).validate(attributes('CREATE'))).toThrow('no');
  expect(told).toEqual([]);
});

it('tells refusals of plugins that answer at once and of those that do not', async () => {
  const refuse = (admit: AdmissionPlugin['admit']): AdmissionPlugin => ({ name: 'refuse', handles: () => true, ...(admit && { admit }) });
  const atOnce = refuse(() => {
    throw new Error('at once');
  });
  expect(() => new Admission([atOnce]).mutate(attributes('CONNECT'))).toThrow('at once');
  const later = refuse(() => Promise.reject(new Error('later')));
  await expect(new Admission([later]).mutate(attributes('CONNECT'))).rejects.toThrow('later');
});

it('measures each plugin and each step, by operation and outcome', async () => {
  const registry = new MetricsRegistry();
  const refuse: AdmissionPlugin = {
    name: 'b',
    handles: (operation) => operation !== 'UPDATE',
    validate: () => Promise.reject(new Error('no')),
  };
  const admission = new Admission([plugin('a', [], ['CREATE']), refuse, plugin('c', [], ['DELETE'])], new AdmissionMetrics(registry));
  for (const operation of ['CREATE', 'DELETE', 'UPDATE']) {
    await admission.mutate(attributes(operation));
    await admission.validate(attributes(operation))?.catch(() => undefined);
  }
  let text = '';
  for await (const lines of registry.render()) text += lines;
  const counts = [...text.matchAll(/^apiserver_admission_(step|controller)_admission_duration_seconds_count\{(.*)\} (\d+)$/gm)];
  expect(counts.map(([, family, labels, count]) => `${family} ${labels?.replaceAll(/\w+="(\w+)"/g, '$1')} ${count}`).sort()).toEqual([
    'controller a,admit,CREATE,false 1',
    'controller a,validate,CREATE,false 1',
    'controller b,validate,CREATE,true 1',
    'controller b,validate,DELETE,true 1',
    'controller c,admit,DELETE,false 1',
    'step admit,CREATE,false 1',
    'step admit,DELETE,false 1',
    'step admit,UPDATE,false 1',
    'step validate,CREATE,true 1',
    'step validate,DELETE,true 1',
    'step validate,UPDATE,false 1',
  ]);
});

it('asks all who change objects once more when one of them has reason to', async () => {
  const told: string[] = [];
  let rounds = 0;
  const twice = { operation: 'CREATE', served, nextRound: () => rounds++ < 2 } as MutationAttributes;
  await new Admission([plugin('a', told), plugin('b', told)]).mutate(twice);
  expect([told, rounds]).toEqual([['a admits', 'b admits', 'a admits', 'b admits'], 1]);
});
