import { expect, it } from 'vitest';
import { statusProblemsOf } from '../../testing/problems-of.js';
import { testPods } from './testing/test-pods.js';

const pods = testPods();

function pod(status: object, spec: object = {}): object {
  return {
    spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never', ...spec },
    status: { qosClass: 'BestEffort', ...status },
  };
}

const ended = (exitCode: number) => [{ name: 'c', state: { terminated: { exitCode } } }];
const running = [{ name: 'c', state: { running: {} } }];
const restarted = 'Forbidden: may not be transitioned to non-terminated state';

it.each<[string, object, object, string[]]>([
  [
    'what a kubelet says',
    {},
    {
      conditions: [{ type: 'Ready' }, { type: 'a.b/c' }],
      podIPs: [{ ip: '10.0.0.1' }, { ip: '::1' }],
      hostIP: '1.1.1.1',
      hostIPs: [{ ip: '1.1.1.1' }],
    },
    [],
  ],
  ['another class', {}, { qosClass: 'Burstable' }, ['status.qosClass: Invalid value: "Burstable": field is immutable']],
  [
    'a condition of no name',
    {},
    { conditions: [{ type: 'a/' }] },
    [
      'status.conditions[0].Type: Invalid value: "a/": name part must be non-empty',
      "status.conditions[0].Type: Invalid value: \"a/\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
        "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'a container that has ended and runs',
    { containerStatuses: ended(0) },
    { containerStatuses: running },
    [`status.containerStatuses[0].state: ${restarted}`],
  ],
  [
    'an ephemeral container that runs again',
    { ephemeralContainerStatuses: ended(1) },
    { ephemeralContainerStatuses: running },
    [`status.ephemeralContainerStatuses[0].state: ${restarted}`],
  ],
  [
    'a claim that the pod has not',
    {},
    { resourceClaimStatuses: [{ name: 'x' }] },
    ['status.resourceClaimStatuses[0].name: Invalid value: "x": must match the name of an entry in `spec.resourceClaims`'],
  ],
  [
    'two addresses of one family, one of them none',
    {},
    { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], hostIP: '1.1.1.1', hostIPs: [{ ip: 'x' }] },
    [
      'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
      'status.hostIPs[0].ip: Invalid value: "x": must be equal to `hostIP`',
      'status.hostIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
])('%s', (_title, old, status, problems) => {
  expect(statusProblemsOf(pods, pod(status), pod(old))).toEqual(problems);
});

it.each<[string, object, number]>([
  ['where containers always are', { restartPolicy: 'Always' }, 0],
  ['after a failure', { restartPolicy: 'OnFailure' }, 1],
])('a container may run again %s', (_title, spec, exitCode) => {
  expect(statusProblemsOf(pods, pod({ containerStatuses: running }, spec), pod({ containerStatuses: ended(exitCode) }, spec))).toEqual([]);
});

it('a sidecar may run again', () => {
  const spec = { initContainers: [{ name: 'c', image: 'i', restartPolicy: 'Always' }], containers: [{ name: 'd', image: 'i' }] };
  expect(statusProblemsOf(pods, pod({ initContainerStatuses: running }, spec), pod({ initContainerStatuses: ended(0) }, spec))).toEqual([]);
});
