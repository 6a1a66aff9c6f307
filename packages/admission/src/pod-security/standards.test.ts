import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import type { LevelVersion } from './policy.js';
import { violationsOf } from './standards.js';
import { describeViolations } from './violation.js';

type Spec = Partial<core.v1.PodSpec>;
type Containers = core.v1.Container[];

function said(
  level: LevelVersion['level'],
  version: LevelVersion['version'],
  spec: Spec,
  annotations: Record<string, string> = {},
  relaxUserNamespaces = false,
): string {
  const pod = { containers: [{ name: 'c', resources: {} }], ...spec } as core.v1.PodSpec;
  return describeViolations(violationsOf({ level, version }, { metadata: { annotations }, spec: pod }, relaxUserNamespaces));
}

function containers(...each: Partial<core.v1.Container>[]): Containers {
  return each.map((container, i) => ({ name: `c${i}`, resources: {}, ...container })) as Containers;
}

/** Allowed at the level restricted, and nothing more than that. */
const careful = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';

describe('the baseline', () => {
  it.each<[string, Spec]>([
    ['host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)', { hostNetwork: true, hostPID: true, hostIPC: true }],
    ['hostPath volumes (volumes "a", "b")', { volumes: ['a', 'b'].map((name) => ({ name, hostPath: { path: '/' } })) }],
    [
      'hostPort (containers "c0", "c2" use hostPorts 443, 80)',
      { containers: containers({ ports: [{ containerPort: 1, hostPort: 80 }] }, {}, { ports: [{ containerPort: 1, hostPort: 443 }] }) },
    ],
    [
      'privileged (containers "c0", "e" must not set securityContext.privileged=true)',
      {
        containers: containers({ securityContext: { privileged: true } }),
        ephemeralContainers: [{ name: 'e', securityContext: { privileged: true } } as core.v1.EphemeralContainer],
      },
    ],
    [
      'procMount (container "c0" must not set securityContext.procMount to "Unmasked")',
      { containers: containers({ securityContext: { procMount: 'Unmasked' } }, { securityContext: { procMount: 'Default' } }) },
    ],
    [
      'forbidden AppArmor profiles (pod and container "c0" must not set AppArmor profile type to "Bad", "Unconfined")',
      {
        securityContext: { appArmorProfile: { type: 'Unconfined' } },
        containers: containers(
          { securityContext: { appArmorProfile: { type: 'Bad' } } },
          { securityContext: { appArmorProfile: { type: 'Localhost' } } },
        ),
      },
    ],
    [
      'non-default capabilities (container "c0" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
      { containers: containers({ securityContext: { capabilities: { add: ['SYS_ADMIN', 'CHOWN', 'NET_RAW'] } } }) },
    ],
    [
      'seLinuxOptions (pod and container "c0" set forbidden securityContext.seLinuxOptions: types "a_t", "b_t"; user may not be set; role may not be set)',
      {
        securityContext: { seLinuxOptions: { type: 'b_t', role: 'r' } },
        containers: containers({ securityContext: { seLinuxOptions: { type: 'a_t', user: 'u' } } }),
      },
    ],
    [
      'seccompProfile (pod and container "c0" must not set securityContext.seccompProfile.type to "Bad", "Unconfined")',
      {
        securityContext: { seccompProfile: { type: 'Unconfined' } },
        containers: containers({ securityContext: { seccompProfile: { type: 'Bad' } } }),
      },
    ],
    [
      'hostProcess (pod and container "c0" must not set securityContext.windowsOptions.hostProcess=true)',
      {
        securityContext: { windowsOptions: { hostProcess: true } },
        containers: containers({ securityContext: { windowsOptions: { hostProcess: true } } }),
      },
    ],
    [
      'probe or lifecycle host (containers "c0", "c1" use probe or lifecycle hosts "a", "b")',
      {
        containers: containers(
          { livenessProbe: { tcpSocket: { host: 'b', port: 1 } }, lifecycle: { preStop: { httpGet: { host: 'a', port: 1 } } } },
          { startupProbe: { httpGet: { host: 'a', port: 1 } }, readinessProbe: { httpGet: { host: '', port: 1 } } },
        ),
      },
    ],
    [
      'forbidden sysctls (a, b)',
      { securityContext: { sysctls: ['a', 'kernel.shm_rmid_forced', 'b'].map((name) => ({ name, value: '1' })) } },
    ],
  ])('forbids %s', (expected, spec) => {
    expect(said('baseline', 'latest', spec)).toBe(expected);
    expect(said('privileged', 'latest', spec)).toBe('');
  });

  it('looks at the annotations that were there before the fields', () => {
    const annotations = { [`${appArmor}c`]: 'unconfined', [`${appArmor}d`]: 'localhost/x', [seccomp]: 'unconfined' };
    const profile = `forbidden AppArmor profile (annotation must not set AppArmor profile type to "${appArmor}c="unconfined"")`;
    expect(said('baseline', 'latest', {}, annotations)).toBe(profile);
    expect(said('baseline', 18, {}, annotations)).toBe(`${profile}, seccompProfile (forbidden annotation ${seccomp}="unconfined")`);
    const both = { securityContext: { appArmorProfile: { type: 'Unconfined' } } };
    const values = `"Unconfined", "${appArmor}c="unconfined""`;
    expect(said('baseline', 'latest', both, annotations)).toBe(
      `forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to ${values})`,
    );
  });
});

describe('the restricted level', () => {
  const bare = 'container "c"';

  it('demands what the baseline does not, after what that does', () => {
    expect(said('restricted', 'latest', { hostPID: true })).toBe(
      [
        'host namespaces (hostPID=true)',
        `allowPrivilegeEscalation != false (${bare} must set securityContext.allowPrivilegeEscalation=false)`,
        `unrestricted capabilities (${bare} must set securityContext.capabilities.drop=["ALL"])`,
        `runAsNonRoot != true (pod or ${bare} must set securityContext.runAsNonRoot=true)`,
        `seccompProfile (pod or ${bare} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
      ].join(', '),
    );
    expect(said('restricted', 'latest', { containers: containers({ securityContext: careful }) })).toBe('');
  });

  it.each<[string, Spec]>([
    [
      'restricted volume types (volumes "h", "n", "v" use restricted volume types "hostPath", "nfs", "unknown")',
      {
        volumes: [
          { name: 'h', hostPath: { path: '/' } },
          { name: 'n', nfs: { server: 's', path: '/' } },
          { name: 'v' },
          { name: 'e', emptyDir: {} },
        ],
      },
    ],
    ['runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)', { securityContext: { runAsNonRoot: false } }],
    [
      'runAsUser=0 (pod and container "c0" must not set runAsUser=0)',
      { securityContext: { runAsUser: 0 }, containers: containers({ securityContext: { ...careful, runAsUser: 0 } }) },
    ],
    [
      'unrestricted capabilities (container "c1" must set securityContext.capabilities.drop=["ALL"]; container "c0" must not include "CHOWN" in securityContext.capabilities.add)',
      {
        containers: containers(
          { securityContext: { ...careful, capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } } },
          { securityContext: { ...careful, capabilities: { drop: ['CHOWN'] } } },
        ),
      },
    ],
    [
      'seccompProfile (container "c0" must not set securityContext.seccompProfile.type to "Unconfined")',
      { containers: containers({ securityContext: { ...careful, seccompProfile: { type: 'Unconfined' } } }) },
    ],
  ])('forbids %s', (expected, spec) => {
    expect(said('restricted', 'latest', { containers: containers({ securityContext: careful }), ...spec })).toBe(expected);
  });

  it('takes from the pod what a container leaves out', () => {
    const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'Localhost', localhostProfile: 'p' } };
    const { allowPrivilegeEscalation, capabilities } = careful;
    const spec = { securityContext, containers: containers({ securityContext: { allowPrivilegeEscalation, capabilities } }) };
    expect(said('restricted', 'latest', spec)).toBe('');
  });
});

describe('versions', () => {
  const windows: Spec = { os: { name: 'windows' }, securityContext: { runAsNonRoot: true } };
  const sysctl = (name: string): Spec => ({ securityContext: { sysctls: [{ name, value: '1' }] } });
  const engine: Spec = { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } };
  const probe: Spec = { containers: containers({ livenessProbe: { httpGet: { host: 'h', port: 1 } } }) };

  /** Reasons only. */
  function reasons(level: LevelVersion['level'], version: LevelVersion['version'], spec: Spec): string[] {
    const pod = { containers: [{ name: 'c', resources: {} }], ...spec } as core.v1.PodSpec;
    return violationsOf({ level, version }, { spec: pod }, false).map(({ reason }) => reason);
  }

  it('of the restricted level demand more and more, and let Windows be', () => {
    const byVersion = [0, 7, 8, 18, 19, 21, 22, 24, 25].map((version) => reasons('restricted', version, {}).length);
    expect(byVersion).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 4]);
    expect([24, 25].map((version) => reasons('restricted', version, windows))).toEqual([
      ['allowPrivilegeEscalation != false', 'unrestricted capabilities', 'seccompProfile'],
      [],
    ]);
    const root = { securityContext: { runAsUser: 0 } };
    expect([22, 23].map((version) => reasons('restricted', version, root).includes('runAsUser=0'))).toEqual([false, true]);
  });

  it.each<[string, number, Spec]>([
    ['net.ipv4.ip_local_reserved_ports', 27, sysctl('net.ipv4.ip_local_reserved_ports')],
    ['net.ipv4.tcp_fin_timeout', 29, sysctl('net.ipv4.tcp_fin_timeout')],
    ['net.ipv4.tcp_rmem', 32, sysctl('net.ipv4.tcp_rmem')],
    ['container_engine_t', 31, engine],
  ])('allow %s since v1.%i', (_, since, spec) => {
    expect([since - 1, since, 'latest' as const].map((version) => reasons('baseline', version, spec).length)).toEqual([1, 0, 0]);
  });

  it('forbid other hosts in probes since v1.34, and are all the same from then on', () => {
    expect([33, 34, 35, 'latest' as const].map((version) => reasons('baseline', version, probe))).toEqual([
      [],
      ['probe or lifecycle host'],
      ['probe or lifecycle host'],
      ['probe or lifecycle host'],
    ]);
  });
});

it('pods in a user namespace may be root and see all of /proc, where that is taken into account', () => {
  const root: Spec = {
    securityContext: { runAsUser: 0 },
    containers: containers({ securityContext: { ...careful, runAsNonRoot: false, procMount: 'Unmasked' } }),
  };
  const broken =
    'procMount (container "c0" must not set securityContext.procMount to "Unmasked"), ' +
    'runAsNonRoot != true (container "c0" must not set securityContext.runAsNonRoot=false), ' +
    'runAsUser=0 (pod must not set runAsUser=0)';
  expect(said('restricted', 'latest', { ...root, hostUsers: false }, {}, true)).toBe('');
  expect(said('restricted', 'latest', { ...root, hostUsers: false })).toBe(broken);
  expect(said('restricted', 'latest', root, {}, true)).toBe(broken);
});
