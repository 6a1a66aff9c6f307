import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { limitRanges } from './limit-ranges.js';

const at = 'spec.limits[0]';

it.each<[object, string[]]>([
  [
    {
      type: 'Container',
      max: { cpu: '2' },
      min: { cpu: '1' },
      default: { cpu: '2' },
      defaultRequest: { cpu: '1' },
      maxLimitRequestRatio: { cpu: '2' },
    },
    [],
  ],
  [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }, []],
  [{ type: 'example.com/Thing', max: { 'example.com/x': '1' } }, []],
  [{ type: 'Thing' }, [`${at}.type: Invalid value: "Thing": must be a standard limit type or fully qualified`]],
  [{ type: 'Pod', max: { storage: '1' } }, [`${at}.max[storage]: Invalid value: "storage": must be a standard resource for containers`]],
  [
    { type: 'PersistentVolumeClaim', min: { thing: '1', storage: '1' } },
    [`${at}.min[thing]: Invalid value: "thing": must be a standard resource type or fully qualified`],
  ],
  [
    { type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
    [
      `${at}.default: Forbidden: may not be specified when \`type\` is 'Pod'`,
      `${at}.defaultRequest: Forbidden: may not be specified when \`type\` is 'Pod'`,
    ],
  ],
  [
    { type: 'PersistentVolumeClaim' },
    [`${at}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`],
  ],
  [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }, [`${at}.min[cpu]: Invalid value: "2": min value 2 is greater than max value 1`]],
  [
    { type: 'Container', min: { cpu: '2' }, max: { cpu: '3' }, default: { cpu: '4' }, defaultRequest: { cpu: '1' } },
    [
      `${at}.defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1`,
      `${at}.default[cpu]: Invalid value: "3": default value 4 is greater than max value 3`,
    ],
  ],
  [
    { type: 'Container', min: { cpu: '2' }, max: { cpu: '3' }, default: { cpu: '1' }, defaultRequest: { cpu: '4' } },
    [
      `${at}.defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than max value 3`,
      `${at}.defaultRequest[cpu]: Invalid value: "4": default request value 4 is greater than default limit value 1`,
      `${at}.default[cpu]: Invalid value: "2": min value 2 is greater than default value 1`,
    ],
  ],
  [
    { type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } },
    [`${at}.maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1`],
  ],
  [
    { type: 'Pod', min: { cpu: '2' }, max: { cpu: '3' }, maxLimitRequestRatio: { cpu: '2' } },
    [`${at}.maxLimitRequestRatio[cpu]: Invalid value: "2": ratio 2 is greater than max/min = 1.500000`],
  ],
  [
    { type: 'Container', default: { 'example.com/gpu': '2' }, defaultRequest: { 'example.com/gpu': '1' } },
    [`${at}.defaultRequest[example.com/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in example.com/gpu`],
  ],
])('%j has the problems %j', (limit, expected) => {
  expect(problemsOf(limitRanges, { spec: { limits: [limit] } })).toEqual(expected);
});

it('names a type once', () => {
  expect(problemsOf(limitRanges, { spec: { limits: [{ type: 'Pod' }, { type: 'Pod' }] } })).toEqual([
    'spec.limits[1].type: Duplicate value: "Pod"',
  ]);
});
