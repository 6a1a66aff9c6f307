import type { JsonObject } from '@keelson/machinery';
import { apps } from '@keelson/schema';
import { expect, it } from 'vitest';
import { mergeConfiguration } from './merge-configuration.js';

const { type } = apps.v1.Deployment;
const deployment = (): JsonObject => ({
  metadata: { name: 'web', labels: { a: 'b' } },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'one', image: 'x' },
          { name: 'two', image: 'y' },
        ],
      },
    },
  },
});

it('changes what is named, and items of lists by their keys', () => {
  const before = deployment();
  const configuration = { metadata: { labels: { c: 'd' } }, spec: { template: { spec: { containers: [{ name: 'two', image: 'z' }] } } } };
  expect(mergeConfiguration(before, configuration, type)).toEqual({
    metadata: { name: 'web', labels: { a: 'b', c: 'd' } },
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            { name: 'one', image: 'x' },
            { name: 'two', image: 'z' },
          ],
        },
      },
    },
  });
  expect(before).toEqual(deployment());
});

it.each<[JsonObject, string]>([
  [{ spec: { nothing: 1 } }, 'failed to convert patch object to typed object: .spec.nothing: field not declared in schema'],
  [
    { spec: { selector: { matchLabels: { a: 'b' } } } },
    'invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector',
  ],
  [
    { spec: { template: { spec: { containers: [{ name: 'one', args: ['a'] }], nodeSelector: { a: 'b' } } } } },
    'invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.template.spec.containers[0].args, .spec.template.spec.nodeSelector',
  ],
])('refuses %j', (configuration, problem) => {
  expect(() => mergeConfiguration(deployment(), configuration, type)).toThrow(new Error(problem));
});
