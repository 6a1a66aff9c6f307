import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { replicationControllers } from './replication-controllers.js';

function controller(spec: object = {}): object {
  return { spec: { selector: { a: 'b' }, template: template(), ...spec } };
}

function template(spec: object = {}): object {
  return { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } };
}

it.each<[string, object, string[]]>([
  ['is all right', {}, []],
  ['has no template', { template: undefined }, ['spec.template: Required value']],
  ['selects nothing', { selector: undefined, template: { ...template(), metadata: {} } }, ['spec.selector: Required value']],
  [
    'selects other pods',
    { selector: { a: 'c' } },
    ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
  ],
  ['has less than no replicas', { replicas: -1 }, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
  [
    'lets its pods end',
    { template: template({ restartPolicy: 'Never', activeDeadlineSeconds: 5 }) },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported',
    ],
  ],
])('%s', (_title, spec, problems) => {
  expect(problemsOf(replicationControllers, controller(spec))).toEqual(problems);
});

it('is told twice of what is wrong with an update', () => {
  const problem = 'spec.template.spec.containers: Required value';
  expect(problemsOf(replicationControllers, controller({ template: template({ containers: [] }) }), controller())).toEqual([
    problem,
    problem,
  ]);
});
