import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notId, unsupported } from '../format-messages.js';

const pod = 'spec.securityContext';
const container = 'spec.containers[0].securityContext';
const maxId = 2 ** 31 - 1;

const ids: readonly Rule[] = [
  ...['runAsUser', 'runAsGroup', 'fsGroup'].map((field) =>
    fieldRule(`${field} of a pod is an id`, `${pod}.${field}`, maxId, maxId + 1, `Invalid value: ${maxId + 1}: ${notId}`),
  ),
  ...['runAsUser', 'runAsGroup'].map((field) =>
    fieldRule(`${field} of a container is an id`, `${container}.${field}`, 0, -1, `Invalid value: -1: ${notId}`),
  ),
  fieldRule('supplementalGroups are ids', `${pod}.supplementalGroups[0]`, maxId, -1, `Invalid value: -1: ${notId}`),
];

const escalation: readonly Rule[] = [
  {
    rule: 'what is privileged may get more privileges',
    accepted: { [container]: { privileged: true, allowPrivilegeEscalation: true } },
    refused: { [container]: { privileged: true, allowPrivilegeEscalation: false } },
    errors: [
      `${container}: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
    ],
  },
  {
    rule: 'who administers the system may get more privileges',
    accepted: { [container]: { capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false } },
    refused: { [container]: { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false } },
    errors: [
      `${container}: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`capabilities.Add\` CAP_SYS_ADMIN`,
    ],
  },
  {
    rule: '/proc is mounted in a known way',
    accepted: { 'spec.hostUsers': false, [`${container}.procMount`]: 'Unmasked' },
    refused: { 'spec.hostUsers': false, [`${container}.procMount`]: 'All' },
    errors: [`${container}.procMount: ${unsupported('All', 'Default', 'Unmasked')}`],
  },
  {
    rule: '/proc is shown whole only to users of the pod itself',
    accepted: { 'spec.hostUsers': false, [`${container}.procMount`]: 'Unmasked' },
    refused: { [`${container}.procMount`]: 'Unmasked' },
    errors: [`${container}.procMount: Invalid value: "Unmasked": \`hostUsers\` must be false to use \`Unmasked\``],
  },
];

const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** Of both sorts of profiles, and wherever they are. */
const profiles = (at: string, field: string, name: string): readonly Rule[] => {
  const here = `${at}.${field}`;
  const place = at === pod ? 'a pod' : 'a container';
  return [
    {
      rule: `${field} of ${place} has a type`,
      accepted: { [here]: { type: 'RuntimeDefault' } },
      refused: { [here]: { type: '' } },
      errors: [`${here}.type: Required value: type is required when ${field} is set`],
    },
    {
      rule: `${field} of ${place} is of a known type`,
      accepted: { [here]: { type: 'Unconfined' } },
      refused: { [here]: { type: 'Confined' } },
      errors: [`${here}.type: ${unsupported('Confined', ...types)}`],
    },
    {
      rule: `${field} of ${place} that the node has is told`,
      accepted: { [here]: { type: 'Localhost', localhostProfile: 'a/b' } },
      refused: { [here]: { type: 'Localhost' } },
      errors: [`${here}.localhostProfile: Required value: must be set when ${name} type is Localhost`],
    },
  ];
};

const confinement: readonly Rule[] = [
  ...[pod, container].flatMap((at) => [...profiles(at, 'seccompProfile', 'seccomp'), ...profiles(at, 'appArmorProfile', 'AppArmor')]),
  {
    rule: 'only a seccomp profile that the node has is told',
    accepted: { [`${pod}.seccompProfile`]: { type: 'Localhost', localhostProfile: 'a' } },
    refused: { [`${pod}.seccompProfile`]: { type: 'Unconfined', localhostProfile: 'a' } },
    errors: [
      `${pod}.seccompProfile.localhostProfile: Invalid value: {"Type":"Unconfined","LocalhostProfile":"a"}: can only be set when seccomp type is Localhost`,
    ],
  },
  {
    rule: 'a seccomp profile of the node is below its folder',
    accepted: { [`${pod}.seccompProfile`]: { type: 'Localhost', localhostProfile: '..a' } },
    refused: { [`${pod}.seccompProfile`]: { type: 'Localhost', localhostProfile: '../a' } },
    errors: [`${pod}.seccompProfile.localhostProfile: Invalid value: "../a": must not contain '..'`],
  },
  {
    rule: 'only an AppArmor profile that the node has is told',
    accepted: { [`${pod}.appArmorProfile`]: { type: 'Localhost', localhostProfile: 'a' } },
    refused: { [`${pod}.appArmorProfile`]: { type: 'Unconfined', localhostProfile: 'a' } },
    errors: [`${pod}.appArmorProfile.localhostProfile: Invalid value: "a": can only be set when AppArmor type is Localhost`],
  },
  {
    rule: 'the name of an AppArmor profile has no spaces around it',
    accepted: { [`${pod}.appArmorProfile`]: { type: 'Localhost', localhostProfile: 'a b' } },
    refused: { [`${pod}.appArmorProfile`]: { type: 'Localhost', localhostProfile: ' a' } },
    errors: [`${pod}.appArmorProfile.localhostProfile: Invalid value: " a": must not be padded with whitespace`],
  },
  {
    rule: 'the name of an AppArmor profile is not too long',
    accepted: { [`${pod}.appArmorProfile`]: { type: 'Localhost', localhostProfile: 'a'.repeat(4095) } },
    refused: { [`${pod}.appArmorProfile`]: { type: 'Localhost', localhostProfile: 'a'.repeat(4096) } },
    errors: [`${pod}.appArmorProfile.localhostProfile: Too long: may not be more than 4095 bytes`],
  },
];

const sysctls = `${pod}.sysctls`;
const sysctl = (name: string) => [{ name, value: '1' }];
const sysctlForm = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

const kernel: readonly Rule[] = [
  {
    rule: 'a sysctl has a name',
    accepted: { [sysctls]: sysctl('a') },
    refused: { [sysctls]: sysctl('') },
    errors: [`${sysctls}[0].name: Required value`],
  },
  {
    rule: 'a sysctl has a proper name',
    accepted: { [sysctls]: sysctl('net/ipv4/a.b_c') },
    refused: { [sysctls]: sysctl('a..b') },
    errors: [`${sysctls}[0].name: Invalid value: "a..b": must have at most 253 characters and match regex ${sysctlForm}`],
  },
  {
    rule: 'a sysctl is set once',
    accepted: { [sysctls]: [...sysctl('a'), ...sysctl('b')] },
    refused: { [sysctls]: [...sysctl('a'), ...sysctl('a')] },
    errors: [`${sysctls}[1].name: Duplicate value: "a"`],
  },
  {
    rule: 'a sysctl of a shared network is not set',
    accepted: { 'spec.hostNetwork': true, [sysctls]: sysctl('kernel.shm_rmid_forced') },
    refused: { 'spec.hostNetwork': true, [sysctls]: sysctl('net.a') },
    errors: [`${sysctls}[0].name: Invalid value: "net.a": may not be specified when 'hostNetwork' is true`],
  },
  {
    rule: 'a sysctl of shared memory is not set',
    accepted: { 'spec.hostIPC': true, [sysctls]: sysctl('net.a') },
    refused: { 'spec.hostIPC': true, [sysctls]: sysctl('kernel/shm_rmid_forced') },
    errors: [`${sysctls}[0].name: Invalid value: "kernel/shm_rmid_forced": may not be specified when 'hostIPC' is true`],
  },
];

const policies: readonly Rule[] = [
  fieldRule(
    'files change owners by a known policy',
    `${pod}.fsGroupChangePolicy`,
    'OnRootMismatch',
    'Never',
    unsupported('Never', 'Always', 'OnRootMismatch'),
  ),
  fieldRule(
    'groups are put together by a known policy',
    `${pod}.supplementalGroupsPolicy`,
    'Strict',
    'Loose',
    unsupported('Loose', 'Merge', 'Strict'),
  ),
  {
    rule: 'processes are shared within the pod or with the host',
    accepted: { 'spec.shareProcessNamespace': true },
    refused: { 'spec.shareProcessNamespace': true, 'spec.hostPID': true },
    errors: ['spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled'],
  },
];

const onWindows = 'cannot be set for a windows pod';

const notForWindows = (path: string, value: unknown): Rule => ({
  rule: `${path} is not for Windows`,
  accepted: { 'spec.os': { name: 'linux' }, [path]: value },
  refused: { 'spec.os': { name: 'windows' }, [path]: value },
  errors: [`${path}: Forbidden: ${onWindows}`],
});

const systems: readonly Rule[] = [
  fieldRule('an operating system has a name', 'spec.os.name', 'linux', '', 'Required value'),
  {
    rule: 'an operating system is a known one',
    accepted: { 'spec.os.name': 'windows' },
    refused: { 'spec.os.name': 'plan9' },
    errors: [`spec.os: ${unsupported('plan9', 'linux', 'windows')}`],
  },
  {
    rule: 'pods for Linux have no options of Windows',
    accepted: { 'spec.os.name': 'windows', [`${pod}.windowsOptions`]: {}, [`${container}.windowsOptions`]: {} },
    refused: { 'spec.os.name': 'linux', [`${pod}.windowsOptions`]: {}, [`${container}.windowsOptions`]: {} },
    errors: [
      `${pod}.windowsOptions: Forbidden: windows options cannot be set for a linux pod`,
      `${container}.windowsOptions: Forbidden: windows options cannot be set for a linux pod`,
    ],
  },
  ...(
    [
      [`${pod}.appArmorProfile`, { type: 'RuntimeDefault' }],
      [`${pod}.seLinuxOptions`, { level: 's0' }],
      ['spec.hostUsers', false],
      ['spec.hostPID', true],
      ['spec.hostIPC', true],
      [`${pod}.seccompProfile`, { type: 'RuntimeDefault' }],
      [`${pod}.fsGroup`, 1],
      [`${pod}.fsGroupChangePolicy`, 'Always'],
      [`${pod}.sysctls`, sysctl('a')],
      ['spec.shareProcessNamespace', true],
      [`${pod}.runAsUser`, 1],
      [`${pod}.runAsGroup`, 1],
      [`${pod}.supplementalGroups`, [1]],
      [`${pod}.supplementalGroupsPolicy`, 'Merge'],
      [`${container}.appArmorProfile`, { type: 'RuntimeDefault' }],
      [`${container}.seLinuxOptions`, { level: 's0' }],
      [`${container}.seccompProfile`, { type: 'RuntimeDefault' }],
      [`${container}.capabilities`, { add: ['A'] }],
      [`${container}.readOnlyRootFilesystem`, true],
      [`${container}.privileged`, true],
      [`${container}.allowPrivilegeEscalation`, true],
      [`${container}.procMount`, 'Default'],
      [`${container}.runAsUser`, 1],
      [`${container}.runAsGroup`, 1],
    ] as const
  ).map(([path, value]) => notForWindows(path, value)),
];

/** What processes of a pod may do. */
export const securityRules: readonly Rule[] = [...ids, ...escalation, ...confinement, ...kernel, ...policies, ...systems];
