import { expect, it } from 'vitest';
import { problemsOf } from '../../testing/problems-of.js';
import { resize } from './resize.js';
import { testPods } from './testing/test-pods.js';

const pods = testPods();
/** What is resized is looked at by rules of its own. */
const resizing = { ...pods, definition: { ...pods.definition, validate: resize.validate } } as typeof pods;

const some = { requests: { cpu: '1', 'ephemeral-storage': '1Gi' }, limits: { cpu: '2' } };

function pod(resources: object, spec: object = {}, annotations: object = {}): object {
  return {
    metadata: { name: 'n', annotations },
    spec: { containers: [{ name: 'c', image: 'i', resources }], ...spec },
    status: { qosClass: 'Burstable' },
  };
}

function init(resources: object, restartPolicy?: string): object {
  return { initContainers: [{ name: 'init', image: 'i', resources, ...(restartPolicy && { restartPolicy }) }] };
}

it.each<[string, object, object, string[]]>([
  ['more cpu', pod(some), pod({ ...some, requests: { ...some.requests, cpu: '2' } }), []],
  [
    'no cpu any more',
    pod(some),
    pod({ requests: { 'ephemeral-storage': '1Gi' } }),
    [
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
      'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
    ],
  ],
  [
    'more of what cannot grow',
    pod(some),
    pod({ ...some, requests: { cpu: '1', 'ephemeral-storage': '2Gi' } }),
    ['spec: Forbidden: only cpu and memory resources are mutable'],
  ],
  [
    'another class',
    pod(some),
    pod({ requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' }, limits: { cpu: '1', memory: '1Gi' } }),
    ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
  ],
  ['a sidecar', pod(some, init(some, 'Always')), pod(some, init({ ...some, limits: { cpu: '3' } }, 'Always')), []],
  [
    'what runs once',
    pod(some, init(some)),
    pod(some, init({ ...some, limits: { cpu: '3' } })),
    ['spec: Forbidden: resources for non-sidecar init containers are immutable'],
  ],
  [
    'a pod as a whole',
    pod(some, { resources: { limits: { cpu: '5' } } }),
    pod(some, { resources: { limits: { cpu: '5' } } }),
    ['[]: Forbidden: pods with pod-level resources cannot be resized'],
  ],
  [
    'a mirror',
    pod(some, { nodeName: 'n' }, { 'kubernetes.io/config.mirror': 'x' }),
    pod(some, { nodeName: 'n' }, { 'kubernetes.io/config.mirror': 'x' }),
    ['[]: Forbidden: static pods cannot be resized'],
  ],
  [
    'a pod for Windows',
    pod(some, { os: { name: 'windows' } }),
    pod(some, { os: { name: 'windows' } }),
    ['[]: Forbidden: windows pods cannot be resized'],
  ],
])('%s', (_title, old, now, problems) => {
  expect(problemsOf(resizing, now, old)).toEqual(problems);
});
