import { describe, expect, it } from 'vitest';
import { containerProblems } from '../../testing/pod-problems.js';

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const podFields =
  'supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", ' +
  '"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"';
const resources =
  'supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"';
const bytes = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';

function problemsOfSource(valueFrom: object): string[] {
  return containerProblems({ env: [{ name: 'A', valueFrom }] }).map((text) => text.replace(/^env\[0\]\.valueFrom\.?/, ''));
}

describe('a variable', () => {
  it.each<[string, object, string[]]>([
    ['with a value', { name: 'A b', value: '1' }, []],
    ['without a name', { name: '' }, ['env[0].name: Required value']],
    [
      'with a name that no variable can have',
      { name: 'A=B' },
      [
        'env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
      ],
    ],
    [
      'with a source that is none',
      { name: 'A', valueFrom: {} },
      ['env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'],
    ],
    [
      'with a source and a value',
      { name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ['env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
    ],
    [
      'with two sources',
      { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' }, configMapKeyRef: { name: 'c', key: 'k' } } },
      ['env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
  ])('%s', (_title, variable, problems) => {
    expect(containerProblems({ env: [variable] })).toEqual(problems);
  });
});

describe('the source of a variable', () => {
  it.each<[string, object, string[]]>([
    ['a field', { fieldRef: { fieldPath: 'status.podIPs' } }, []],
    ['a field by its old name', { fieldRef: { fieldPath: 'spec.host' } }, []],
    ['one label', { fieldRef: { fieldPath: "metadata.labels['a.b/c']" } }, []],
    ['no field', { fieldRef: { fieldPath: '' } }, ['fieldRef.fieldPath: Required value']],
    [
      'a field of another version',
      { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } },
      ['fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2'],
    ],
    [
      'a field that pods do not have',
      { fieldRef: { fieldPath: 'spec.x' } },
      ['fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x'],
    ],
    [
      'an entry of what has none',
      { fieldRef: { fieldPath: "metadata.name['a']" } },
      [
        "fieldRef.fieldPath: Invalid value: \"metadata.name['a']\": error converting fieldPath: field label does not support subscript: metadata.name['a']",
      ],
    ],
    [
      'a field that only files can show',
      { fieldRef: { fieldPath: 'metadata.labels' } },
      [`fieldRef.fieldPath: Unsupported value: "metadata.labels": ${podFields}`],
    ],
    ['a resource', { resourceFieldRef: { resource: 'limits.hugepages-2Mi', divisor: '1Mi' } }, []],
    ['no resource', { resourceFieldRef: { resource: '' } }, ['resourceFieldRef.resource: Required value']],
    [
      'an unknown resource',
      { resourceFieldRef: { resource: 'limits.x' } },
      [`resourceFieldRef.resource: Unsupported value: "limits.x": ${resources}`],
    ],
    [
      'cpu in parts it cannot be shown in',
      { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } },
      ['resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource'],
    ],
    [
      'bytes in parts they cannot be shown in',
      { resourceFieldRef: { resource: 'requests.ephemeral-storage', divisor: '2' } },
      [
        `resourceFieldRef.divisor: Invalid value: "requests.ephemeral-storage": only divisor's values ${bytes} are supported with the local ephemeral storage resource`,
      ],
    ],
    [
      'a key without a name',
      { configMapKeyRef: { name: '', key: '' } },
      [`configMapKeyRef.name: Invalid value: "": ${subdomain}`, 'configMapKeyRef.key: Required value'],
    ],
    ['a key that no map has', { secretKeyRef: { name: 's', key: '..' } }, ['secretKeyRef.key: Invalid value: "..": must not be \'..\'']],
  ])('%s', (_title, source, problems) => {
    expect(problemsOfSource(source)).toEqual(problems);
  });
});

describe('variables of a whole map', () => {
  it.each<[string, object, string[]]>([
    ['with a prefix', { prefix: 'P_', configMapRef: { name: 'c' } }, []],
    ['of nothing', {}, ['envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`']],
    [
      'of two',
      { configMapRef: { name: 'c' }, secretRef: { name: 's' } },
      ['envFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
    ['without a name', { configMapRef: { name: '' } }, ['envFrom[0].configMapRef.name: Required value']],
    ['with a bad name', { secretRef: { name: 'S' } }, [`envFrom[0].secretRef.name: Invalid value: "S": ${subdomain}`]],
    [
      'with a bad prefix',
      { prefix: '=', secretRef: { name: 's' } },
      [
        'envFrom[0].prefix: Invalid value: "=": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
      ],
    ],
  ])('%s', (_title, source, problems) => {
    expect(containerProblems({ envFrom: [source] })).toEqual(problems);
  });
});
