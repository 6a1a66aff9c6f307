import { expect, it } from 'vitest';
import { metricsText } from './metrics-text.js';

const cpu = (target: object) => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'x', ...target } } });
const pods = { type: 'Pods', pods: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '10' } } };
const external = { type: 'External', external: { metric: { name: 'e' }, target: { type: 'AverageValue', averageValue: '5' } } };

it.each([
  [[], '<none>'],
  [[cpu({ averageUtilization: 80 })], 'cpu: <unknown>/80%'],
  [[cpu({ averageValue: '100m' })], 'cpu: <unknown>/100m'],
  [[cpu({})], 'cpu: <unknown>/<auto>'],
  [[pods, external], '<unknown>/10, <unknown>/5 (avg)'],
  [[pods, external, pods, pods], '<unknown>/10, <unknown>/5 (avg) + 2 more...'],
  [[{ type: 'Resource' }], ': <unknown>/<auto>'],
  [[{ type: 'Moon' }], '<unknown type>'],
])('%j prints as %s', (specs, text) => {
  expect(metricsText(specs, null)).toBe(text);
});

it('shows what was measured', () => {
  const measured = [
    { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 12 } } },
    { type: 'Pods', pods: { metric: { name: 'q' }, current: { averageValue: '7' } } },
  ];
  expect(metricsText([cpu({ averageUtilization: 80 }), pods], measured)).toBe('cpu: 12%/80%, 7/10');
});
