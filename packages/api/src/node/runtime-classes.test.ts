import { dns1123Label } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { runtimeClasses } from './runtime-classes.js';

const handler = 'h';
const toleration = { key: 'a', operator: 'Exists' };

it.each<[object, string[]]>([
  [{ handler, overhead: { podFixed: { cpu: '1' } }, scheduling: { nodeSelector: { a: 'b' }, tolerations: [toleration] } }, []],
  [{ handler: 'Bad!' }, [`handler: Invalid value: "Bad!": ${dns1123Label('Bad!')[0]}`]],
  [
    { handler, overhead: { podFixed: { thing: '1' } } },
    [
      'overhead.limits[thing]: Invalid value: "thing": must be a standard resource type or fully qualified',
      'overhead.limits[thing]: Invalid value: "thing": must be a standard resource for containers',
    ],
  ],
  [
    { handler, scheduling: { tolerations: [toleration, toleration] } },
    ['scheduling.tolerations[1]: Duplicate value: {"Key":"a","Operator":"Exists","Value":"","Effect":"","TolerationSeconds":null}'],
  ],
])('%j has the problems %j', (json, expected) => {
  expect(problemsOf(runtimeClasses, json)).toEqual(expected);
});

it('keeps its handler', () => {
  expect(problemsOf(runtimeClasses, { handler: 'i' }, { handler })).toEqual(['handler: Invalid value: "i": field is immutable']);
});
