import { path } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { podWarnings } from './pod-warnings.js';

function warningsOf(spec: object, annotations: object = {}, isTemplate = false): string[] {
  const containers = [{ name: 'c', image: 'i' }];
  const pod = core.v1.Pod.codec.fromJson({ metadata: { name: 'a', annotations }, spec: { containers, ...spec } } as never);
  return podWarnings(pod, isTemplate ? path('spec', 'template') : undefined);
}

const noPod = 'labelSelector: a null labelSelector results in matching no pod';

describe('a pod is warned of', () => {
  it.each([
    [{}, []],
    [
      { nodeSelector: { 'beta.kubernetes.io/arch': 'x' } },
      ['spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead'],
    ],
    [
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
      [`spec.topologySpreadConstraints[0].${noPod}`],
    ],
    [
      {
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'x' } }] },
        },
      },
      [`spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.${noPod}`],
    ],
    [
      { volumes: [{ name: 's', storageos: { volumeName: 'x' } }] },
      ['spec.volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+'],
    ],
    [{ hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }, ['spec.hostAliases[1].ip: duplicate ip "1.1.1.1"']],
    [
      { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] },
      ['spec.imagePullSecrets[1].name: duplicate name "a"', 'spec.imagePullSecrets[2].name: invalid empty name ""'],
    ],
    [{ overhead: { memory: '1500m' } }, ['spec.overhead[memory]: fractional byte value "1500m" is invalid, must be an integer']],
  ])('%j', (spec, warnings) => {
    expect(warningsOf(spec)).toEqual(warnings);
  });

  it('values that are given twice, unless the later one is made from the earlier', () => {
    const env = ['1', '$(A)2', '$(A)', 'x'].map((value) => ({ name: 'A', value }));
    const hidden = (i: number) => `spec.containers[0].env[${i}]: hides previous definition of "A", which may be dropped when using apply`;
    expect(warningsOf({ containers: [{ name: 'c', image: 'i', env }] })).toEqual([hidden(2), hidden(3)]);
  });

  it('ports that get in each other’s way, in whichever container they are', () => {
    const first = [
      { containerPort: 80, name: 'web', protocol: 'TCP' },
      { containerPort: 81, protocol: 'TCP', hostIP: '1.2.3.4' },
    ];
    const second = [
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 80, hostPort: 90, name: 'web', protocol: 'TCP' },
    ];
    const containers = [
      { name: 'c', image: 'i', ports: first },
      { name: 'd', image: 'i', ports: second },
    ];
    const [at, other] = ['spec.containers[0].ports', 'spec.containers[1].ports'];
    expect(warningsOf({ containers })).toEqual([
      `${at}[1]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:81 Protocol:TCP HostIP:1.2.3.4}`,
      `${other}[0]: duplicate port definition with ${at}[0]`,
      `${other}[1]: overlapping port definition with ${at}[0]`,
      `${other}[1]: overlapping port definition with ${other}[0]`,
      `${other}[1]: duplicate port name "web" with ${at}[0], services and probes that select ports by name will use ${at}[0]`,
    ]);
  });

  it('files that cannot be there side by side', () => {
    const items = ['x', 'x/y', 'xy'].map((file) => ({ key: 'k', path: file }));
    const sources = [
      { configMap: { name: 'c', items: [{ key: 'k', path: 'a/' }] } },
      { secret: { name: 's', items: [{ key: 'k', path: 'a' }] } },
      {},
    ];
    const volumes = [
      { name: 'v', secret: { secretName: 's', items } },
      { name: 'p', projected: { sources } },
    ];
    expect(warningsOf({ volumes })).toEqual([
      'volume "v" (Secret "s"): overlapping paths: "x/y" with "x"',
      'volume "p" (Projected) has no sources provided',
      'volume "p" (Projected): overlapping paths: "a" (Secret "s") with "a" (ConfigMap "c")',
    ]);
  });

  it('annotations that are fields now', () => {
    const annotations = {
      'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
      'container.apparmor.security.beta.kubernetes.io/c': 'unconfined',
    };
    const seccomp =
      'annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead';
    const appArmor =
      'annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead';
    expect(warningsOf({}, annotations)).toEqual([`metadata.${seccomp}`]);
    expect(warningsOf({}, annotations, true)).toEqual([`spec.template.metadata.${seccomp}`, `spec.template.metadata.${appArmor}`]);
    const same = { securityContext: { appArmorProfile: { type: 'Unconfined' }, seccompProfile: { type: 'RuntimeDefault' } } };
    expect(warningsOf(same, annotations, true)).toEqual([]);
  });
});
