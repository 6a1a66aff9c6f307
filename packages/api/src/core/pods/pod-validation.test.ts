import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../testing/problems-of.js';
import { testPods } from './testing/test-pods.js';

const pods = testPods();
const container = { name: 'c', image: 'i' };

interface Given {
  readonly annotations?: Record<string, string>;
  readonly [field: string]: unknown;
}

function pod({ annotations = {}, ...spec }: Given = {}): object {
  return { metadata: { name: 'n', annotations }, spec: { serviceAccountName: 'sa', containers: [container], ...spec } };
}

const created = (given: Given) => problemsOf(pods, pod(given));
const changed = (from: Given, to: Given) => problemsOf(pods, pod(to), pod(from));

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const claimTemplate = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };

describe('a new pod', () => {
  it.each<[string, Given, string[]]>([
    ['that is all right', {}, []],
    [
      'with an image in spaces',
      { containers: [{ ...container, image: ' i' }] },
      ['spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace'],
    ],
    [
      'with an ephemeral container',
      { ephemeralContainers: [{ ...container, name: 'e' }] },
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
    [
      'that waits, on a node',
      { nodeName: 'n', schedulingGates: [{ name: 'a' }] },
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      'with a token of no account',
      { serviceAccountName: '', volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
      ['spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set'],
    ],
    ['with a claim of its own', { volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: claimTemplate } }] }, []],
    [
      'with a claim that would have no name',
      { volumes: [{ name: 'V', ephemeral: { volumeClaimTemplate: claimTemplate } }] },
      [
        `spec.volumes[0].name: Invalid value: "V": PVC name "n-V": ${subdomain}`,
        expect.stringContaining('spec.volumes[0].name: Invalid value: "V": a lowercase RFC 1123 label') as unknown as string,
      ],
    ],
    [
      'that uses its own claim as if it were another’s',
      {
        volumes: [
          { name: 'v', ephemeral: { volumeClaimTemplate: claimTemplate } },
          { name: 'w', persistentVolumeClaim: { claimName: 'n-v' } },
        ],
      },
      [
        'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "n-v": must not reference a PVC that gets created for an ephemeral volume',
      ],
    ],
  ])('%s', (_title, given, problems) => {
    expect(created(given)).toEqual(problems);
  });
});

describe('annotations of a new pod', () => {
  const seccomp = 'container.seccomp.security.alpha.kubernetes.io/c';
  const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
  const profile = (field: string, type: string, localhostProfile?: string) => ({
    containers: [{ ...container, securityContext: { [field]: { type, ...(localhostProfile && { localhostProfile }) } } }],
  });
  const at = 'spec.containers[0].securityContext';

  it.each<[string, Given, string[]]>([
    ['that mean nothing here', { annotations: { 'a.b/c': 'd' } }, []],
    ['of a mirror on its node', { annotations: { 'kubernetes.io/config.mirror': 'x' }, nodeName: 'n' }, []],
    [
      'of a mirror on no node',
      { annotations: { 'kubernetes.io/config.mirror': 'x' } },
      ['metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set'],
    ],
    ['with a cost', { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } }, []],
    [
      'with a cost that is none',
      { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+5' } },
      ['metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+5": must be a 32bit integer'],
    ],
    [
      'with a profile that the field has, too',
      { annotations: { [seccomp]: 'docker/default' }, ...profile('seccompProfile', 'RuntimeDefault') },
      [],
    ],
    [
      'with a seccomp profile that is none',
      { annotations: { [seccomp]: 'x' } },
      [`metadata.annotations.${seccomp}: Invalid value: "x": must be a valid seccomp profile`],
    ],
    [
      'with another type of seccomp profile than the field',
      { annotations: { [seccomp]: 'unconfined' }, ...profile('seccompProfile', 'RuntimeDefault') },
      [`${at}.seccompProfile.type: Forbidden: seccomp type in annotation and field must match`],
    ],
    [
      'with another AppArmor profile than the field',
      { annotations: { [`${appArmor}c`]: 'localhost/a' }, ...profile('appArmorProfile', 'Localhost', 'b') },
      [`${at}.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match`],
    ],
    [
      'with an AppArmor profile that is none, of a container that is not there',
      { annotations: { [`${appArmor}x`]: 'y' } },
      [
        `metadata.annotations[${appArmor}x]: Invalid value: "x": container not found`,
        `metadata.annotations[${appArmor}x]: Invalid value: "y": invalid AppArmor profile name: "y"`,
      ],
    ],
  ])('%s', (_title, given, problems) => {
    expect(created(given)).toEqual(problems);
  });
});

describe('a pod that exists', () => {
  const fixed =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
    '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
    '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute' };
  const tolerations = 'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds';
  const deadline = 'spec.activeDeadlineSeconds: Invalid value:';

  it.each<[string, Given, Given, string[]]>([
    ['may have another image', {}, { containers: [{ ...container, image: 'j' }] }, []],
    [
      'keeps its containers',
      {},
      { containers: [container, { ...container, name: 'd' }] },
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['may be given a deadline', {}, { activeDeadlineSeconds: 5 }, []],
    ['keeps its deadline', { activeDeadlineSeconds: 5 }, {}, [`${deadline} null: must not update from a positive integer to nil value`]],
    [
      'gets no more time',
      { activeDeadlineSeconds: 5 },
      { activeDeadlineSeconds: 6 },
      [`${deadline} 6: must be less than or equal to previous value`],
    ],
    [
      'may tolerate more, and longer',
      { tolerations: [toleration] },
      { tolerations: [{ ...toleration, tolerationSeconds: 5 }, { operator: 'Exists' }] },
      [],
    ],
    ['cannot tolerate less', { tolerations: [toleration] }, {}, [tolerations]],
    ['may be ended after all', { terminationGracePeriodSeconds: -1 }, { terminationGracePeriodSeconds: 1 }, []],
    ['may wait for less', { schedulingGates: [{ name: 'a' }] }, {}, []],
    [
      'cannot wait for more',
      {},
      { schedulingGates: [{ name: 'a' }] },
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a'"],
    ],
    [
      'keeps its host name, and is shown what would change',
      { hostname: 'a' },
      { hostname: 'b' },
      [
        `${fixed}@@ -64,7 +64,7 @@\n   "SELinuxChangePolicy": null\n  },\n  "ImagePullSecrets": null,\n- "Hostname": "a",\n+ "Hostname": "b",\n  "Subdomain": "",\n  "SetHostnameAsFQDN": null,\n  "Affinity": null,\n`,
      ],
    ],
  ])('%s', (_title, from, to, problems) => {
    expect(changed(from, to)).toEqual(problems);
  });

  it('says whose mirror it is once', () => {
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' }, nodeName: 'n' };
    expect(changed({ nodeName: 'n' }, mirror)).toEqual([
      'metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation',
    ]);
    expect(changed(mirror, { nodeName: 'n' })).toEqual([
      'metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not remove or update mirror pod annotation',
    ]);
  });
});

describe('a pod that waits to be scheduled', () => {
  const must = 'requiredDuringSchedulingIgnoredDuringExecution';
  const nodes = (...keys: string[]) => ({
    affinity: {
      nodeAffinity: { [must]: { nodeSelectorTerms: [{ matchExpressions: keys.map((key) => ({ key, operator: 'Exists' })) }] } },
    },
  });
  const waiting = { schedulingGates: [{ name: 'a' }] };

  it.each<[string, Given, Given, string[]]>([
    ['may be told of more labels', { nodeSelector: { a: '1' } }, { nodeSelector: { a: '1', b: '2' } }, []],
    [
      'keeps those it has',
      { nodeSelector: { a: '1' } },
      { nodeSelector: { b: '2' } },
      ['spec.nodeSelector: Invalid value: {"b":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
    ],
    ['may be told of nodes', {}, nodes('a'), []],
    ['may be told of more requirements', nodes('a'), nodes('a', 'b'), []],
    [
      'keeps its requirements',
      nodes('a'),
      nodes('b'),
      [
        `spec.affinity.nodeAffinity.${must}.nodeSelectorTerms[0]: Invalid value: ` +
          '{"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}: only additions are allowed (no mutations or deletions)',
      ],
    ],
    [
      'keeps its terms',
      nodes('a'),
      {},
      [
        `spec.affinity.nodeAffinity.${must}.nodeSelectorTerms: Invalid value: null: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
      ],
    ],
  ])('%s', (_title, from, to, problems) => {
    expect(changed({ ...waiting, ...from }, { ...waiting, ...to })).toEqual(problems);
  });
});
