import type { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { defaultResources } from './pod-resource-defaults.js';

it('asks for as much as is allowed where nothing else is said', () => {
  const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } };
  const given: core.v1.PodSpec = { containers: [{ name: 'c', resources }] };
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

it('asks for nothing that pods as a whole cannot have', () => {
  const resources = { limits: { cpu: '1', 'ephemeral-storage': '1Gi' } };
  const given: core.v1.PodSpec = { containers: [{ name: 'c', resources: {} }], resources };
  defaultResources(given);
  expect(given.resources).toEqual({ ...resources, requests: { cpu: '1' } });
});
