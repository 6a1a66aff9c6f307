import { expect, it } from 'vitest';
import { withoutEnums } from './without-enums.js';

it('says nothing of the values that fields may have, and all else', () => {
  const definition = (values: object) => ({
    description: 'A port.',
    properties: {
      enum: { type: 'string' },
      protocol: { type: 'string', ...values },
      others: { type: 'array', items: { type: 'string', ...values } },
    },
    required: ['protocol'],
  });
  const source = withoutEnums({
    key: 'api/v1',
    paths: () => [],
    definitions: (version) => [
      [`${version}.Port`, definition({ enum: ['TCP', 'UDP'] })],
      ['Time', { type: 'string' }],
    ],
  });
  expect([source.key, source.paths(), ...source.definitions('v3')]).toEqual([
    'api/v1',
    [],
    ['v3.Port', definition({})],
    ['Time', { type: 'string' }],
  ]);
});
