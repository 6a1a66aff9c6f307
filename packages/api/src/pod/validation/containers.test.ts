import { describe, expect, it } from 'vitest';
import { containerProblems, podProblems } from '../../testing/pod-problems.js';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
  "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const noProbes = 'Forbidden: may not be set for init containers without restartPolicy=Always';
const planned = 'Forbidden: cannot be set for an Ephemeral Container';
const probe = { tcpSocket: { port: 80 } };
const c = { name: 'c', image: 'i' };

describe('a container', () => {
  it.each<[string, object, string[]]>([
    ['that is all right', { imagePullPolicy: 'Never', terminationMessagePolicy: 'FallbackToLogsOnError' }, []],
    ['without a name', { name: '' }, ['name: Required value']],
    ['with a bad name', { name: 'C' }, [`name: Invalid value: "C": ${label}`]],
    ['without an image', { image: '' }, ['image: Required value']],
    ['of a template, whose image may be in spaces', { image: ' i ' }, []],
    [
      'that says its end in an unknown way',
      { terminationMessagePolicy: 'X' },
      ['terminationMessagePolicy: Unsupported value: "X": supported values: "File", "FallbackToLogsOnError"'],
    ],
    [
      'that is pulled in an unknown way',
      { imagePullPolicy: 'X' },
      ['imagePullPolicy: Unsupported value: "X": supported values: "Always", "IfNotPresent", "Never"'],
    ],
    ['that resizes', { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }, []],
    [
      'that resizes in unknown ways',
      {
        resizePolicy: [
          { resourceName: 'disk', restartPolicy: 'X' },
          { resourceName: 'disk', restartPolicy: '' },
        ],
      },
      [
        'resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
        'resizePolicy: Unsupported value: "X": supported values: "NotRequired", "RestartContainer"',
        'resizePolicy[1]: Duplicate value: "disk"',
        'resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
        'resizePolicy: Required value',
      ],
    ],
  ])('%s', (_title, fields, problems) => {
    expect(containerProblems(fields)).toEqual(problems);
  });

  it('is not restarted to be resized where containers never are', () => {
    const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }];
    expect(containerProblems({ resizePolicy }, { restartPolicy: 'Never' })).toEqual([
      "resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'",
    ]);
  });
});

describe('the containers of a pod', () => {
  it.each<[string, object, string[]]>([
    ['must be there', { containers: [] }, ['containers: Required value']],
    ['have different names', { containers: [c, c] }, ['containers[1].name: Duplicate value: "c"']],
    ['have other names than init containers', { initContainers: [c] }, ['initContainers[0].name: Duplicate value: "c"']],
    [
      'cannot share a port of the node',
      { containers: ['a', 'b'].map((name) => ({ ...c, name, ports: [{ containerPort: 1, hostPort: 80 }] })) },
      ['containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
    ],
    [
      'can share it when they run one by one',
      { initContainers: ['a', 'b'].map((name) => ({ ...c, name, ports: [{ containerPort: 1, hostPort: 80 }] })) },
      [],
    ],
  ])('%s', (_title, spec, problems) => {
    expect(podProblems(spec)).toEqual(problems);
  });
});

describe('an init container', () => {
  it('has neither probes nor hooks', () => {
    const init = { ...c, name: 'init', livenessProbe: probe, readinessProbe: probe, startupProbe: probe, lifecycle: { preStop: probe } };
    expect(podProblems({ initContainers: [init] })).toEqual(
      ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => `initContainers[0].${field}: ${noProbes}`),
    );
  });

  it('has them as a sidecar, where they must be right', () => {
    const sidecar = { ...c, name: 'init', restartPolicy: 'Always', livenessProbe: probe };
    expect(podProblems({ initContainers: [sidecar] })).toEqual([]);
    expect(podProblems({ initContainers: [{ ...sidecar, livenessProbe: {} }] })).toEqual([
      'initContainers[0].livenessProbe: Required value: must specify a handler type',
    ]);
  });
});

describe('an ephemeral container', () => {
  const notInTemplates = 'ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template';

  it('is refused in a template, and for what it cannot have', () => {
    const ephemeral = {
      ...c,
      image: ' i',
      targetContainerName: 'x',
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1' } },
      livenessProbe: probe,
      lifecycle: { preStop: probe },
      volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a' }],
    };
    const volumes = [{ name: 'v', emptyDir: {} }];
    const at = 'ephemeralContainers[0]';
    expect(podProblems({ ephemeralContainers: [ephemeral], volumes })).toEqual([
      `${at}.image: Invalid value: " i": must not have leading or trailing whitespace`,
      `${at}.name: Duplicate value: "c"`,
      `${at}.targetContainerName: Not found: "x"`,
      `${at}.ports: ${planned}`,
      `${at}.resources: ${planned}`,
      `${at}.livenessProbe: ${planned}`,
      `${at}.lifecycle: ${planned}`,
      `${at}.volumeMounts[0].subPath: ${planned}`,
      notInTemplates,
    ]);
  });

  it('may look at a container of the pod', () => {
    expect(podProblems({ ephemeralContainers: [{ ...c, name: 'debug', targetContainerName: 'c' }] })).toEqual([notInTemplates]);
  });
});
