import { describe, expect, it } from 'vitest';
import { podProblems } from '../../testing/pod-problems.js';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
  "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const searchForm =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const qualified =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const noName = [`Invalid value: "": name part must be non-empty`, `Invalid value: "": ${qualified}`];

describe('a pod', () => {
  it.each<[string, object, string[]]>([
    ['with names all around', { serviceAccountName: 'a.b', nodeName: 'n', hostname: 'h', subdomain: 's', runtimeClassName: 'r' }, []],
    [
      'with names that nothing can have',
      { serviceAccountName: 'A', nodeName: 'A', hostname: 'A', subdomain: 'A', priorityClassName: 'A', runtimeClassName: 'A' },
      [
        `serviceAccountName: Invalid value: "A": ${subdomain}`,
        `nodeName: Invalid value: "A": ${subdomain}`,
        `hostname: Invalid value: "A": ${label}`,
        `subdomain: Invalid value: "A": ${label}`,
        `priorityClassName: Invalid value: "A": ${subdomain}`,
        `runtimeClassName: Invalid value: "A": ${subdomain}`,
      ],
    ],
    [
      'with unknown policies',
      { restartPolicy: 'X', dnsPolicy: 'X', preemptionPolicy: 'X' },
      [
        'restartPolicy: Unsupported value: "X": supported values: "Always", "OnFailure", "Never"',
        'dnsPolicy: Unsupported value: "X": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
        'preemptionPolicy: Unsupported value: "X": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
    [
      'that ends before it starts',
      { activeDeadlineSeconds: 0 },
      ['activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    ['for nodes with labels that none can have', { nodeSelector: { 'a b': 'c' } }, [`nodeSelector: Invalid value: "a b": ${qualified}`]],
    ['that waits', { readinessGates: [{ conditionType: 'a.b/c' }], schedulingGates: [{ name: 'a' }, { name: 'b' }] }, []],
    [
      'that waits for what has no name',
      { readinessGates: [{ conditionType: '' }], schedulingGates: [{ name: 'a' }, { name: 'a' }] },
      [...noName.map((text) => `readinessGates[0].conditionType: ${text}`), 'schedulingGates[1]: Duplicate value: "a"'],
    ],
    ['that knows hosts', { hostAliases: [{ ip: '::1', hostnames: ['a.b'] }] }, []],
    [
      'that knows hosts that are none',
      { hostAliases: [{ ip: 'x', hostnames: ['a b'] }] },
      [
        'hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        `hostAliases[0].hostnames[0]: Invalid value: "a b": ${subdomain}`,
      ],
    ],
    ['whose runtime takes something', { overhead: { cpu: '1' } }, []],
    [
      'whose runtime takes what is none',
      { overhead: { disk: '1' } },
      [
        'overhead.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
        'overhead.limits[disk]: Invalid value: "disk": must be a standard resource for containers',
      ],
    ],
  ])('%s', (_title, spec, problems) => {
    expect(podProblems(spec)).toEqual(problems);
  });
});

describe('tolerations', () => {
  it.each<[string, object, string[]]>([
    ['of everything', { operator: 'Exists' }, []],
    ['of a taint for a while', { key: 'k', value: 'v', effect: 'NoExecute', tolerationSeconds: 5 }, []],
    [
      'of nothing',
      { operator: 'Equal' },
      ['operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"'],
    ],
    [
      'of any value, and of one',
      { key: 'k', operator: 'Exists', value: 'v' },
      ['operator: Invalid value: "v": value must be empty when `operator` is \'Exists\''],
    ],
    [
      'in unknown ways',
      { key: 'k', operator: 'X', effect: 'Y', tolerationSeconds: 1 },
      [
        'effect: Invalid value: "Y": effect must be \'NoExecute\' when `tolerationSeconds` is set',
        'operator: Unsupported value: "X": supported values: "Equal", "Exists"',
        'effect: Unsupported value: "Y": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
  ])('%s', (_title, toleration, problems) => {
    expect(podProblems({ tolerations: [toleration] })).toEqual(problems.map((text) => `tolerations[0].${text}`));
  });
});

describe('DNS', () => {
  it.each<[string, object, string[]]>([
    ['of its own', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['.', '_a.b.'], options: [{ name: 'n' }] } }, []],
    ['of its own without saying', { dnsPolicy: 'None' }, [': Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
    [
      'of its own without servers',
      { dnsPolicy: 'None', dnsConfig: {} },
      ['.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
    ],
    [
      'with too many servers',
      { dnsConfig: { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3', 'x'] } },
      [
        '.nameservers: Invalid value: ["1.1.1.1","2.2.2.2","3.3.3.3","x"]: must not have more than 3 nameservers',
        '.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    ['with a bad search path', { dnsConfig: { searches: ['A'] } }, [`.searches[0]: Invalid value: "A": ${searchForm}`]],
    ['with an option of no name', { dnsConfig: { options: [{ value: '1' }] } }, ['.options[0]: Required value: must not be empty']],
  ])('%s', (_title, spec, problems) => {
    expect(podProblems(spec)).toEqual(problems.map((text) => `dnsConfig${text}`));
  });

  it('has a limit to search paths', () => {
    const searches = Array.from({ length: 33 }, () => 'a'.repeat(63));
    expect(podProblems({ dnsConfig: { searches } })).toEqual([
      `dnsConfig.searches: Invalid value: ${JSON.stringify(searches)}: must not have more than 32 search paths`,
      `dnsConfig.searches: Invalid value: ${JSON.stringify(searches)}: must not have more than 2048 characters (including spaces) in the search list`,
    ]);
  });
});

describe('an operating system', () => {
  const windows = { os: { name: 'windows' } };

  it.each<[string, object, string[]]>([
    ['that is known', { os: { name: 'linux' } }, []],
    ['without a name', { os: { name: '' } }, ['os.name: Required value']],
    ['that is unknown', { os: { name: 'plan9' } }, ['os: Unsupported value: "plan9": supported values: "linux", "windows"']],
    [
      'with options of the other one',
      { os: { name: 'linux' }, securityContext: { windowsOptions: {} } },
      ['securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod'],
    ],
    [
      'without what the other one has',
      {
        ...windows,
        hostPID: true,
        shareProcessNamespace: false,
        securityContext: { fsGroup: 1, sysctls: [{ name: 'a' }] },
        containers: [{ name: 'c', image: 'i', securityContext: { privileged: false } }],
      },
      [
        'hostPID',
        'securityContext.fsGroup',
        'securityContext.sysctls',
        'shareProcessNamespace',
        'containers[0].securityContext.privileged',
      ].map((field) => `${field}: Forbidden: cannot be set for a windows pod`),
    ],
    ['with options of its own', { ...windows, securityContext: { windowsOptions: { runAsUserName: 'u' } } }, []],
  ])('%s', (_title, spec, problems) => {
    expect(podProblems(spec)).toEqual(problems);
  });
});
