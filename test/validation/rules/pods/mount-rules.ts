import type { Change } from '../../change.js';
import type { Rule } from '../../rule.js';
import { unsupported } from '../format-messages.js';

const mounts = 'spec.containers[0].volumeMounts';
const devices = 'spec.containers[0].volumeDevices';
const volumes = [
  { name: 'data', emptyDir: {} },
  { name: 'disk', persistentVolumeClaim: { claimName: 'disk' } },
  { name: 'other', persistentVolumeClaim: { claimName: 'other' } },
];

const mounting = (list: readonly object[], more: Change = {}): Change => ({ 'spec.volumes': volumes, [mounts]: list, ...more });
const using = (list: readonly object[], more: Change = {}): Change => ({ 'spec.volumes': volumes, [devices]: list, ...more });

const mount = { name: 'data', mountPath: '/data' };
const device = { name: 'disk', devicePath: '/dev/disk' };

const mounted: readonly Rule[] = [
  {
    rule: 'a mount names a volume',
    accepted: mounting([mount]),
    refused: mounting([{ ...mount, name: '' }]),
    errors: [`${mounts}[0].name: Required value`, `${mounts}[0].name: Not found: ""`],
  },
  {
    rule: 'a mount is of a volume that the pod has',
    accepted: mounting([mount]),
    refused: mounting([{ ...mount, name: 'no' }]),
    errors: [`${mounts}[0].name: Not found: "no"`],
  },
  {
    rule: 'a mount has a place',
    accepted: mounting([{ ...mount, mountPath: 'data' }]),
    refused: mounting([{ ...mount, mountPath: '' }]),
    errors: [`${mounts}[0].mountPath: Required value`],
  },
  {
    rule: 'a mount has a place of its own',
    accepted: mounting([mount, { ...mount, mountPath: '/data/' }]),
    refused: mounting([mount, { ...mount, name: 'disk' }]),
    errors: [`${mounts}[1].mountPath: Invalid value: "/data": must be unique`],
  },
  {
    rule: 'what is mounted is not a device, too',
    accepted: using([device], { [mounts]: [mount] }),
    refused: using([device], { [mounts]: [{ ...mount, name: 'disk' }] }),
    errors: [
      `${mounts}[0].name: Invalid value: "disk": must not already exist in volumeDevices`,
      `${devices}[0].name: Invalid value: "disk": must not already exist in volumeMounts`,
    ],
  },
  {
    rule: 'where a mount is there is no device',
    accepted: using([device], { [mounts]: [{ ...mount, mountPath: '/dev' }] }),
    refused: using([device], { [mounts]: [{ ...mount, mountPath: '/dev/disk' }] }),
    errors: [
      `${mounts}[0].mountPath: Invalid value: "/dev/disk": must not already exist as a path in volumeDevices`,
      `${devices}[0].devicePath: Invalid value: "/dev/disk": must not already exist as a path in volumeMounts`,
    ],
  },
  {
    rule: 'a part of a volume is found from its root',
    accepted: mounting([{ ...mount, subPath: 'a/b..' }]),
    refused: mounting([{ ...mount, subPath: '/a' }]),
    errors: [`${mounts}.subPath: Invalid value: "/a": must be a relative path`],
  },
  {
    rule: 'a part of a volume is within it',
    accepted: mounting([{ ...mount, subPath: '..a' }]),
    refused: mounting([{ ...mount, subPath: 'a/..' }]),
    errors: [`${mounts}.subPath: Invalid value: "a/..": must not contain '..'`],
  },
  {
    rule: 'a part of a volume is told in one way',
    accepted: mounting([{ ...mount, subPathExpr: '$(A)' }]),
    refused: mounting([{ ...mount, subPath: 'a', subPathExpr: '$(A)' }]),
    errors: [`${mounts}[0].subPathExpr: Invalid value: "$(A)": subPathExpr and subPath are mutually exclusive`],
  },
  {
    rule: 'a part of a volume that is computed is found from its root',
    accepted: mounting([{ ...mount, subPathExpr: 'a/$(A)' }]),
    refused: mounting([{ ...mount, subPathExpr: '/$(A)' }]),
    errors: [`${mounts}.subPathExpr: Invalid value: "/$(A)": must be a relative path`],
  },
  {
    rule: 'mounts propagate in a known way',
    accepted: mounting([{ ...mount, mountPropagation: 'HostToContainer' }]),
    refused: mounting([{ ...mount, mountPropagation: 'Both' }]),
    errors: [`${mounts}.mountPropagation: ${unsupported('Both', 'Bidirectional', 'HostToContainer', 'None')}`],
  },
  {
    rule: 'only privileged containers mount for others',
    accepted: mounting([{ ...mount, mountPropagation: 'Bidirectional' }], { 'spec.containers[0].securityContext.privileged': true }),
    refused: mounting([{ ...mount, mountPropagation: 'Bidirectional' }]),
    errors: [`${mounts}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`],
  },
  {
    rule: 'only what is read-only is so recursively',
    accepted: mounting([{ ...mount, readOnly: true, recursiveReadOnly: 'Enabled' }]),
    refused: mounting([{ ...mount, recursiveReadOnly: 'Enabled' }]),
    errors: [`${mounts}.recursiveReadOnly: Forbidden: may only be specified when readOnly is true`],
  },
  {
    rule: 'what propagates is not recursively read-only',
    accepted: mounting([{ ...mount, readOnly: true, recursiveReadOnly: 'IfPossible', mountPropagation: 'None' }]),
    refused: mounting([{ ...mount, readOnly: true, recursiveReadOnly: 'IfPossible', mountPropagation: 'HostToContainer' }]),
    errors: [`${mounts}.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified`],
  },
  {
    rule: 'a mount is recursively read-only in a known way',
    accepted: mounting([{ ...mount, recursiveReadOnly: 'Disabled' }]),
    refused: mounting([{ ...mount, recursiveReadOnly: 'Yes' }]),
    errors: [`${mounts}.recursiveReadOnly: ${unsupported('Yes', 'Disabled', 'Enabled', 'IfPossible')}`],
  },
];

const attached: readonly Rule[] = [
  {
    rule: 'a device names a volume',
    accepted: using([device]),
    refused: using([{ ...device, name: '' }]),
    errors: [`${devices}[0].name: Required value`, `${devices}[0].name: Not found: ""`],
  },
  {
    rule: 'a device is of a volume that the pod has',
    accepted: using([device]),
    refused: using([{ ...device, name: 'no' }]),
    errors: [`${devices}[0].name: Not found: "no"`],
  },
  {
    rule: 'a device is of a claimed volume',
    accepted: using([device]),
    refused: using([{ ...device, name: 'data' }]),
    errors: [
      `${devices}[0].name: Invalid value: "data": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
    ],
  },
  {
    rule: 'a volume is one device',
    accepted: using([device, { name: 'other', devicePath: '/dev/other' }]),
    refused: using([device, { name: 'disk', devicePath: '/dev/other' }]),
    errors: [`${devices}[1].name: Invalid value: "disk": must be unique`],
  },
  {
    rule: 'a device has a place',
    accepted: using([{ ...device, devicePath: 'disk' }]),
    refused: using([{ ...device, devicePath: '' }]),
    errors: [`${devices}[0].devicePath: Required value`],
  },
  {
    rule: 'a device has a place of its own',
    accepted: using([device, { name: 'other', devicePath: '/dev/other' }]),
    refused: using([device, { name: 'other', devicePath: '/dev/disk' }]),
    errors: [`${devices}[1].devicePath: Invalid value: "/dev/disk": must be unique`],
  },
  {
    rule: 'the place of a device does not climb',
    accepted: using([{ ...device, devicePath: '/dev/..disk' }]),
    refused: using([{ ...device, devicePath: '/dev/../disk' }]),
    errors: [`${devices}[0].devicePath: Invalid value: "/dev/../disk": can not contain backsteps ('..')`],
  },
];

/** Where containers have the volumes of their pod. */
export const mountRules: readonly Rule[] = [...mounted, ...attached];
