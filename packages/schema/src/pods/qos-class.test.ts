import { expect, it } from 'vitest';
import type { core } from '../gen/index.js';
import { qosClass } from './qos-class.js';

function spec(...resources: core.v1.ResourceRequirements[]): core.v1.PodSpec {
  return { containers: resources.map((resources, i) => ({ name: `c${i}`, resources })) };
}

const full = { cpu: '1', memory: '1Gi' };

it.each<[string, core.v1.PodSpec]>([
  ['BestEffort', spec({}, {})],
  ['BestEffort', spec({ requests: { 'ephemeral-storage': '1Gi' } })],
  ['BestEffort', spec({ requests: { cpu: '0' } })],
  ['Burstable', spec({ requests: { cpu: '1' } })],
  ['Burstable', spec({ limits: full, requests: full }, {})],
  ['Burstable', spec({ limits: full, requests: { cpu: '500m', memory: '1Gi' } })],
  ['Guaranteed', spec({ limits: full, requests: { cpu: '1000m', memory: '1024Mi' } })],
  ['Guaranteed', { ...spec({}), resources: { limits: full, requests: full } }],
])('is %s', (expected, given) => {
  expect(qosClass(given)).toBe(expected);
});
