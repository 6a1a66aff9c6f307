import { expect, it } from 'vitest';
import { containerProblems } from '../../testing/pod-problems.js';

const volumes = [
  { name: 'v', emptyDir: {} },
  { name: 'w', emptyDir: {} },
  { name: 'claim', persistentVolumeClaim: { claimName: 'c' } },
];
const mount = { name: 'v', mountPath: '/v' };

it.each<[string, object[], string[]]>([
  ['mounts', [mount, { ...mount, mountPath: '/w', subPathExpr: '$(A)' }], []],
  ['nothing', [{}], ['[0].name: Required value', '[0].name: Not found: ""', '[0].mountPath: Required value']],
  ['what is not there', [{ name: 'x', mountPath: '/x' }], ['[0].name: Not found: "x"']],
  ['twice at one place', [mount, mount], ['[1].mountPath: Invalid value: "/v": must be unique']],
  [
    'outside the volume',
    [{ ...mount, subPath: '/a/..' }],
    ['.subPath: Invalid value: "/a/..": must be a relative path', '.subPath: Invalid value: "/a/..": must not contain \'..\''],
  ],
  [
    'two parts of the volume',
    [{ ...mount, subPath: 'a', subPathExpr: 'b' }],
    ['[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive'],
  ],
  [
    'with unknown propagation',
    [{ ...mount, mountPropagation: 'X' }],
    ['.mountPropagation: Unsupported value: "X": supported values: "Bidirectional", "HostToContainer", "None"'],
  ],
  [
    'to the host without privileges',
    [{ ...mount, mountPropagation: 'Bidirectional' }],
    ['.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers'],
  ],
  ['all below for reading', [{ ...mount, readOnly: true, recursiveReadOnly: 'Enabled' }], []],
  [
    'all below for reading but not itself',
    [{ ...mount, recursiveReadOnly: 'IfPossible', mountPropagation: 'HostToContainer' }],
    [
      '.recursiveReadOnly: Forbidden: may only be specified when readOnly is true',
      '.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified',
    ],
  ],
  [
    'unknown recursion',
    [{ ...mount, recursiveReadOnly: 'X' }],
    ['.recursiveReadOnly: Unsupported value: "X": supported values: "Disabled", "Enabled", "IfPossible"'],
  ],
])('a mount: %s', (_title, volumeMounts, problems) => {
  expect(containerProblems({ volumeMounts }, { volumes })).toEqual(problems.map((text) => `volumeMounts${text}`));
});

it('a privileged container mounts to the host', () => {
  const volumeMounts = [{ ...mount, mountPropagation: 'Bidirectional' }];
  expect(containerProblems({ volumeMounts, securityContext: { privileged: true } }, { volumes })).toEqual([]);
});

const device = { name: 'claim', devicePath: '/dev/a' };

it.each<[string, object[], string[]]>([
  ['a claim', [device], []],
  ['nothing', [{}], ['[0].name: Required value', '[0].name: Not found: ""', '[0].devicePath: Required value']],
  [
    'what is no claim',
    [{ ...device, name: 'w' }],
    ['[0].name: Invalid value: "w": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'],
  ],
  [
    'twice',
    [device, device],
    ['[1].name: Invalid value: "claim": must be unique', '[1].devicePath: Invalid value: "/dev/a": must be unique'],
  ],
  [
    'by way of another place',
    [{ ...device, devicePath: '/dev/../a' }],
    ['[0].devicePath: Invalid value: "/dev/../a": can not contain backsteps (\'..\')'],
  ],
])('a device: %s', (_title, volumeDevices, problems) => {
  expect(containerProblems({ volumeDevices }, { volumes })).toEqual(problems.map((text) => `volumeDevices${text}`));
});

it('a volume is either mounted or a device', () => {
  const volumeMounts = [{ name: 'claim', mountPath: '/dev/a' }];
  expect(containerProblems({ volumeMounts, volumeDevices: [device] }, { volumes })).toEqual([
    'volumeMounts[0].name: Invalid value: "claim": must not already exist in volumeDevices',
    'volumeMounts[0].mountPath: Invalid value: "/dev/a": must not already exist as a path in volumeDevices',
    'volumeDevices[0].name: Invalid value: "claim": must not already exist in volumeMounts',
    'volumeDevices[0].devicePath: Invalid value: "/dev/a": must not already exist as a path in volumeMounts',
  ]);
});
