import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { Admission } from './admission.js';

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

const attributes = (operation: string) => ({ operation }) as AdmissionAttributes;

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

it('asks nobody behind one who refuses', async () => {
  const told: string[] = [];
  const refuse: AdmissionPlugin = {
    name: 'refuse',
    handles: () => true,
    validate() {
      throw new Error('no');
    },
  };
  await expect(new Admission([refuse, plugin('a', told)]).validate(attributes('CREATE'))).rejects.toThrow('no');
  expect(told).toEqual([]);
});
