import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { deviceTaintRules } from './device-taint-rules.js';

const taint = { key: 'example.com/k', effect: 'NoSchedule' };

function problems(deviceSelector: object, old?: object): string[] {
  return problemsOf(deviceTaintRules, { spec: { deviceSelector, taint } }, old && { spec: { deviceSelector: old, taint } });
}

it('takes any part of what devices are chosen by', () => {
  const cel = { expression: 'device.driver == "d.example.com"' };
  const all = { deviceClassName: 'c', driver: 'd.example.com', pool: 'p/q', device: 'd0', selectors: [{ cel }] };
  for (const [name, part] of Object.entries(all)) expect(problems({ [name]: part }), name).toEqual([]);
  expect(problems(all)).toEqual([]);
  expect(problems({})).toEqual([]);
});

it.each([
  [{ deviceClassName: 'C' }, /^spec\.deviceSelector\.deviceClassName: Invalid value: "C": a lowercase RFC 1123 subdomain must/],
  [{ driver: '' }, /^spec\.deviceSelector\.driver: Required value$/],
  [{ pool: 'P' }, /^spec\.deviceSelector\.pool: Invalid value: "P": a lowercase RFC 1123 subdomain must/],
  [{ device: 'a.b' }, /^spec\.deviceSelector\.device: Invalid value: "a\.b": must not contain dots$/],
  [{ selectors: [{}] }, /^spec\.deviceSelector\.selectors\[0\]\.cel: Required value$/],
])('refuses %j', (selector, first) => {
  expect(problems(selector)[0]).toMatch(first);
});
