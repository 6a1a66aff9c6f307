import { afterEach, describe, expect, it } from 'vitest';
import { containerProblems, podProblems } from '../../testing/pod-problems.js';
import { clusterPolicy } from '../cluster-policy.js';

const idRange = 'must be between 0 and 2147483647, inclusive';
const profileTypes = 'supported values: "Localhost", "RuntimeDefault", "Unconfined"';

function contextProblems(securityContext: object, spec: object = {}): string[] {
  return containerProblems({ securityContext }, spec).map((text) => text.replace(/^securityContext\.?/, ''));
}

describe('privileged containers', () => {
  afterEach(() => {
    clusterPolicy.allowPrivileged = true;
  });

  it('are admitted where the operator lets them be', () => {
    expect(contextProblems({ privileged: true })).toEqual([]);
    clusterPolicy.allowPrivileged = false;
    expect(contextProblems({ privileged: true })).toEqual(['privileged: Forbidden: disallowed by cluster policy']);
    expect(contextProblems({ privileged: false })).toEqual([]);
  });
});

describe('the security context of a container', () => {
  const shown = (fields: object) =>
    JSON.stringify({
      Capabilities: null,
      Privileged: null,
      SELinuxOptions: null,
      WindowsOptions: null,
      RunAsUser: null,
      RunAsGroup: null,
      RunAsNonRoot: null,
      ReadOnlyRootFilesystem: null,
      AllowPrivilegeEscalation: false,
      ProcMount: null,
      SeccompProfile: null,
      AppArmorProfile: null,
      ...fields,
    });

  it.each<[string, object, string[]]>([
    ['that is all right', { runAsUser: 0, procMount: 'Default', seccompProfile: { type: 'Localhost', localhostProfile: 'a/b' } }, []],
    [
      'with numbers that no user has',
      { runAsUser: -1, runAsGroup: 2 ** 31 },
      [`runAsUser: Invalid value: -1: ${idRange}`, `runAsGroup: Invalid value: 2147483648: ${idRange}`],
    ],
    ['with an unknown proc', { procMount: 'X' }, ['procMount: Unsupported value: "X": supported values: "Default", "Unmasked"']],
    [
      'with all of proc among the users of the host',
      { procMount: 'Unmasked' },
      ['procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`'],
    ],
    [
      'with privileges and without',
      { privileged: true, allowPrivilegeEscalation: false },
      [`: Invalid value: ${shown({ Privileged: true })}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`],
    ],
    [
      'of an administrator that may not become one',
      { allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } },
      [
        `: Invalid value: ${shown({ Capabilities: { Add: ['CAP_SYS_ADMIN'], Drop: null } })}: ` +
          'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ],
    ],
    [
      'with a seccomp profile of no type',
      { seccompProfile: { type: '' } },
      ['seccompProfile.type: Required value: type is required when seccompProfile is set'],
    ],
    [
      'with a seccomp profile of an unknown type',
      { seccompProfile: { type: 'X', localhostProfile: 'p' } },
      [
        `seccompProfile.type: Unsupported value: "X": ${profileTypes}`,
        'seccompProfile.localhostProfile: Invalid value: {"Type":"X","LocalhostProfile":"p"}: can only be set when seccomp type is Localhost',
      ],
    ],
    [
      'with a seccomp profile of the node, but which',
      { seccompProfile: { type: 'Localhost' } },
      ['seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost'],
    ],
    [
      'with a seccomp profile from elsewhere',
      { seccompProfile: { type: 'Localhost', localhostProfile: '../p' } },
      ['seccompProfile.localhostProfile: Invalid value: "../p": must not contain \'..\''],
    ],
    ['with an AppArmor profile', { appArmorProfile: { type: 'Localhost', localhostProfile: 'p' } }, []],
    [
      'with an AppArmor profile of no type',
      { appArmorProfile: { type: '' } },
      ['appArmorProfile.type: Required value: type is required when appArmorProfile is set'],
    ],
    [
      'with an AppArmor profile of an unknown type',
      { appArmorProfile: { type: 'X' } },
      [`appArmorProfile.type: Unsupported value: "X": ${profileTypes}`],
    ],
    [
      'with an AppArmor profile that is not wanted',
      { appArmorProfile: { type: 'Unconfined', localhostProfile: 'p' } },
      ['appArmorProfile.localhostProfile: Invalid value: "p": can only be set when AppArmor type is Localhost'],
    ],
    [
      'with an AppArmor profile in spaces',
      { appArmorProfile: { type: 'Localhost', localhostProfile: ' p' } },
      ['appArmorProfile.localhostProfile: Invalid value: " p": must not be padded with whitespace'],
    ],
    [
      'with an AppArmor profile of no name',
      { appArmorProfile: { type: 'Localhost', localhostProfile: '' } },
      ['appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost'],
    ],
    [
      'with an AppArmor profile that is too long',
      { appArmorProfile: { type: 'Localhost', localhostProfile: 'p'.repeat(4096) } },
      ['appArmorProfile.localhostProfile: Too long: may not be more than 4095 bytes'],
    ],
  ])('%s', (_title, context, problems) => {
    expect(contextProblems(context)).toEqual(problems);
  });

  it('may have all of proc among users of its own', () => {
    expect(contextProblems({ procMount: 'Unmasked' }, { hostUsers: false })).toEqual([]);
  });
});

describe('options for Windows', () => {
  it.each<[object, string[]]>([
    [{ gmsaCredentialSpecName: 'a', gmsaCredentialSpec: '{}', runAsUserName: 'DOMAIN\\user' }, []],
    [{ gmsaCredentialSpec: '' }, ['gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string']],
    [{ runAsUserName: '' }, ['runAsUserName: Invalid value: "": runAsUserName cannot be an empty string']],
    [{ runAsUserName: 'a\n' }, ['runAsUserName: Invalid value: "a\\n": runAsUserName cannot contain control characters']],
    [{ runAsUserName: 'a\\b\\c' }, ['runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash']],
    [
      { runAsUserName: '.\\' },
      [
        'runAsUserName: Invalid value: ".\\\\": runAsUserName\'s Domain doesn\'t match the NetBios nor the DNS format',
        'runAsUserName: Invalid value: ".\\\\": runAsUserName\'s User cannot be empty',
      ],
    ],
    [{ runAsUserName: '. ' }, ['runAsUserName: Invalid value: ". ": runAsUserName\'s User cannot contain only periods or spaces']],
    [
      { runAsUserName: 'a@b' },
      ['runAsUserName: Invalid value: "a@b": runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]'],
    ],
  ])('%j', (windowsOptions, problems) => {
    expect(contextProblems({ windowsOptions })).toEqual(problems.map((text) => `windowsOptions.${text}`));
  });

  it('make all containers processes of the host, or none', () => {
    const containers = [
      { name: 'a', image: 'i', securityContext: { windowsOptions: { hostProcess: true } } },
      { name: 'b', image: 'i' },
    ];
    expect(podProblems({ containers })).toEqual([
      ': Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      'hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
    ]);
    expect(podProblems({ containers: containers.slice(0, 1), hostNetwork: true })).toEqual([]);
  });

  it('are the same for the pod and its containers', () => {
    const [mine, whole] = [true, false].map((hostProcess) => ({ windowsOptions: { hostProcess } }));
    expect(containerProblems({ securityContext: whole }, { securityContext: mine })).toEqual([
      'securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true',
    ]);
  });
});

describe('the security context of a pod', () => {
  const sysctlForm =
    'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

  it.each<[string, object, string[]]>([
    [
      'that is all right',
      { fsGroup: 1, fsGroupChangePolicy: 'Always', supplementalGroupsPolicy: 'Strict', sysctls: [{ name: 'net.a' }] },
      [],
    ],
    [
      'with numbers that no group has',
      { fsGroup: -1, supplementalGroups: [1, -1] },
      [`fsGroup: Invalid value: -1: ${idRange}`, `supplementalGroups[1]: Invalid value: -1: ${idRange}`],
    ],
    [
      'with unknown policies',
      { fsGroupChangePolicy: '', supplementalGroupsPolicy: 'X', seLinuxChangePolicy: 'MountOption' },
      [
        'fsGroupChangePolicy: Unsupported value: "": supported values: "Always", "OnRootMismatch"',
        'supplementalGroupsPolicy: Unsupported value: "X": supported values: "Merge", "Strict"',
        'seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"',
      ],
    ],
    [
      'with bad kernel parameters',
      { sysctls: [{ name: '' }, { name: 'A' }, { name: 'a' }, { name: 'a' }] },
      ['sysctls[0].name: Required value', `sysctls[1].name: Invalid value: "A": ${sysctlForm}`, 'sysctls[3].name: Duplicate value: "a"'],
    ],
  ])('%s', (_title, securityContext, problems) => {
    expect(podProblems({ securityContext })).toEqual(problems.map((text) => `securityContext.${text}`));
  });

  it('leaves what is the host’s to the host', () => {
    const sysctls = [{ name: 'net/core.x' }, { name: 'kernel.shm_rmid_forced' }];
    expect(podProblems({ securityContext: { sysctls }, hostNetwork: true, hostIPC: true })).toEqual([
      'securityContext.sysctls[0].name: Invalid value: "net/core.x": may not be specified when \'hostNetwork\' is true',
      'securityContext.sysctls[1].name: Invalid value: "kernel.shm_rmid_forced": may not be specified when \'hostIPC\' is true',
    ]);
    expect(podProblems({ hostPID: true, shareProcessNamespace: true })).toEqual([
      'securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
    ]);
    expect(podProblems({ hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true })).toEqual(
      ['hostNetwork', 'HostPID', 'HostIPC'].map((field) => `${field}: Forbidden: when \`hostUsers\` is false`),
    );
  });
});
