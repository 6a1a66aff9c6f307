import type { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { defaultResources } from './pod-resource-defaults.js';
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

it('asks for as much as is allowed where nothing else is said', () => {
  const given = spec({ limits: full, requests: { cpu: '500m' } });
  defaultResources(given);
  expect(given.containers?.[0]?.resources.requests).toEqual({ cpu: '500m', memory: '1Gi' });
});

it('completes the resources of the pod as a whole from its containers', () => {
  const given: core.v1.PodSpec = {
    containers: [
      { name: 'a', resources: { requests: { cpu: '1' } } },
      { name: 'b', resources: { requests: { cpu: '500m' } } },
    ],
    initContainers: [{ name: 'i', resources: { requests: { cpu: '2' } } }],
    resources: { limits: { cpu: '4', memory: '2Gi' } },
  };
  defaultResources(given);
  expect(given.resources?.requests).toEqual({ cpu: '2', memory: '2Gi' });
});
