import type { Rule } from '../../rule.js';
import { notLabel, notSubdomain, unsupported } from '../format-messages.js';

const volume = 'spec.volumes[0]';
const notMode = 'must be a number between 0 and 0777 (octal), both inclusive';

/** About one source of a volume; problems are told from there on. */
const source = (rule: string, accepted: object, refused: object, ...problems: string[]): Rule => ({
  rule,
  accepted: { [volume]: { name: 'v', ...accepted } },
  refused: { [volume]: { name: 'v', ...refused } },
  errors: problems.map((problem) => `${volume}.${problem}`),
});

const named = (name: string) => ({ name, emptyDir: {} });

const names: readonly Rule[] = [
  source('a volume has a name', named('a'), named(''), 'name: Required value'),
  source('the name of a volume is a label', named('a'.repeat(63)), named('A'), `name: Invalid value: "A": ${notLabel}`),
  {
    rule: 'volumes have names of their own',
    accepted: { 'spec.volumes': [named('a'), named('b')] },
    refused: { 'spec.volumes': [named('a'), named('a')] },
    errors: ['spec.volumes[1].name: Duplicate value: "a"'],
  },
  source(
    'a volume has one source',
    { hostPath: { path: '/a' } },
    { emptyDir: {}, hostPath: { path: '/a' } },
    'hostPath: Forbidden: may not specify more than 1 volume type',
  ),
];

const pathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

const places: readonly Rule[] = [
  source(
    'an empty folder has room',
    { emptyDir: { sizeLimit: '0' } },
    { emptyDir: { sizeLimit: '-1' } },
    'emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity',
  ),
  source('a path of the host is given', { hostPath: { path: 'a' } }, { hostPath: { path: '' } }, 'hostPath.path: Required value'),
  source(
    'a path of the host does not climb',
    { hostPath: { path: '/a..' } },
    { hostPath: { path: '/a/..' } },
    'hostPath.path: Invalid value: "/a/..": must not contain \'..\'',
  ),
  source(
    'a path of the host is of a known type',
    { hostPath: { path: '/a', type: 'Socket' } },
    { hostPath: { path: '/a', type: 'Pipe' } },
    `hostPath.type: ${unsupported('Pipe', ...pathTypes)}`,
  ),
  source('NFS has a server', { nfs: { server: 's', path: '/' } }, { nfs: { server: '', path: '/' } }, 'nfs.server: Required value'),
  source(
    'NFS has a path',
    { nfs: { server: 's', path: '/' } },
    { nfs: { server: 's', path: '' } },
    'nfs.path: Required value',
    'nfs.path: Invalid value: "": must be an absolute path',
  ),
  source(
    'the path of NFS is absolute',
    { nfs: { server: 's', path: '/a' } },
    { nfs: { server: 's', path: 'a' } },
    'nfs.path: Invalid value: "a": must be an absolute path',
  ),
  source(
    'a claim that exists is named',
    { persistentVolumeClaim: { claimName: 'a' } },
    { persistentVolumeClaim: { claimName: '' } },
    'persistentVolumeClaim.claimName: Required value',
  ),
  source(
    'a volume of CSI has a driver',
    { csi: { driver: 'a' } },
    { csi: { driver: '' } },
    'csi.driver: Required value',
    `csi.driver: Invalid value: "": ${notSubdomain}`,
  ),
  source(
    'the name of a driver of CSI is short',
    { csi: { driver: 'a'.repeat(63) } },
    { csi: { driver: 'a'.repeat(64) } },
    'csi.driver: Too long: may not be more than 63 bytes',
  ),
  source(
    'the name of a driver of CSI is a subdomain',
    { csi: { driver: 'A.b' } },
    { csi: { driver: '-' } },
    `csi.driver: Invalid value: "-": ${notSubdomain}`,
  ),
  source(
    'a driver of CSI has a secret with a name',
    { csi: { driver: 'a', nodePublishSecretRef: { name: 'a' } } },
    { csi: { driver: 'a', nodePublishSecretRef: { name: '' } } },
    'csi.nodePublishSecretRef.name: Required value',
  ),
];

const item = { key: 'a', path: 'a' };
const secret = (items: object) => ({ secret: { secretName: 's', items: [items] } });
const configMap = (items: object) => ({ configMap: { name: 'c', items: [items] } });

const keyFiles: readonly Rule[] = [
  source('a secret has a name', { secret: { secretName: 'a' } }, { secret: { secretName: '' } }, 'secret.secretName: Required value'),
  source('a config map has a name', { configMap: { name: 'a' } }, { configMap: { name: '' } }, 'configMap.name: Required value'),
  source('a file is of a key of a secret', secret(item), secret({ ...item, key: '' }), 'secret.items[0].key: Required value'),
  source('a file of a secret has a place', secret(item), secret({ ...item, path: '' }), 'secret.items[0].path: Required value'),
  source(
    'a file of a secret is found from its folder',
    secret(item),
    secret({ ...item, path: '/a' }),
    'secret.items[0].path: Invalid value: "/a": must be a relative path',
  ),
  source(
    'a file of a secret is in its folder',
    secret({ ...item, path: 'a/..b' }),
    secret({ ...item, path: 'a/../b' }),
    'secret.items[0].path: Invalid value: "a/../b": must not contain \'..\'',
  ),
  source(
    'a file of a secret is none of the kubelet',
    secret({ ...item, path: 'b..' }),
    secret({ ...item, path: '..b' }),
    'secret.items[0].path: Invalid value: "..b": must not start with \'..\'',
  ),
  source(
    'a file of a secret has permissions',
    secret({ ...item, mode: 0o777 }),
    secret({ ...item, mode: 0o1000 }),
    `secret.items[0].mode: Invalid value: 512: ${notMode}`,
  ),
  source(
    'files of a secret have permissions',
    { secret: { secretName: 's', defaultMode: 0 } },
    { secret: { secretName: 's', defaultMode: -1 } },
    `secret.defaultMode: Invalid value: -1: ${notMode}`,
  ),
  source('a file is of a key of a config map', configMap(item), configMap({ ...item, key: '' }), 'configMap.items[0].key: Required value'),
  source(
    'a file of a config map has a place',
    configMap(item),
    configMap({ ...item, path: '' }),
    'configMap.items[0].path: Required value',
  ),
  source(
    'a file of a config map has permissions',
    configMap({ ...item, mode: 0 }),
    configMap({ ...item, mode: -1 }),
    `configMap.items[0].mode: Invalid value: -1: ${notMode}`,
  ),
  source(
    'files of a config map have permissions',
    { configMap: { name: 'c', defaultMode: 0o777 } },
    { configMap: { name: 'c', defaultMode: 0o1000 } },
    `configMap.defaultMode: Invalid value: 512: ${notMode}`,
  ),
];

const label = { path: 'a', fieldRef: { fieldPath: 'metadata.labels' } };
const telling = (file: object) => ({ downwardAPI: { items: [file] } });
const shown = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

const downward: readonly Rule[] = [
  source(
    'a file tells something of the pod',
    telling(label),
    telling({ path: 'a' }),
    'downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
  ),
  source(
    'a file tells one thing of the pod',
    telling(label),
    telling({ ...label, resourceFieldRef: { containerName: 'main', resource: 'limits.cpu' } }),
    'downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously',
  ),
  source('a file that tells of the pod has a place', telling(label), telling({ ...label, path: '' }), 'downwardAPI.path: Required value'),
  source(
    'a file tells what it may',
    telling(label),
    telling({ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }),
    `downwardAPI.fieldRef.fieldPath: ${unsupported('status.podIP', ...shown)}`,
  ),
  source(
    'a file tells of resources of a container',
    telling({ path: 'a', resourceFieldRef: { containerName: 'main', resource: 'limits.cpu' } }),
    telling({ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }),
    'downwardAPI.resourceFieldRef.containerName: Required value',
  ),
  source(
    'a file that tells of the pod has permissions',
    telling({ ...label, mode: 0o777 }),
    telling({ ...label, mode: 0o1000 }),
    `downwardAPI.mode: Invalid value: 512: ${notMode}`,
  ),
];

const projecting = (...sources: object[]) => ({ projected: { sources } });
const part = { secret: { name: 's', items: [item] } };
const token = (expirationSeconds: number): Record<string, unknown> => ({
  'spec.serviceAccountName': 'default',
  [volume]: { name: 'v', ...projecting({ serviceAccountToken: { path: 't', expirationSeconds } }) },
});

const projected: readonly Rule[] = [
  source(
    'a part of a volume has one source',
    projecting(part),
    projecting({ ...part, configMap: { name: 'c' } }),
    'projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
  ),
  source(
    'parts of a volume have places of their own',
    projecting(part, { configMap: { name: 'c', items: [{ key: 'a', path: 'b' }] } }),
    projecting(part, { configMap: { name: 'c', items: [item] } }),
    'projected: Invalid value: "c": conflicting duplicate paths',
  ),
  source(
    'a secret as part of a volume has a name',
    projecting({ secret: { name: 's' } }),
    projecting({ secret: { name: '' } }),
    'projected.sources[0].secret.name: Required value',
  ),
  source(
    'a config map as part of a volume has a name',
    projecting({ configMap: { name: 'c' } }),
    projecting({ configMap: { name: '' } }),
    'projected.sources[0].configMap.name: Required value',
  ),
  source(
    'files of a volume of parts have permissions',
    { projected: { sources: [part], defaultMode: 0o777 } },
    { projected: { sources: [part], defaultMode: 0o1000 } },
    `projected.defaultMode: Invalid value: 512: ${notMode}`,
  ),
  {
    rule: 'a token is good for ten minutes',
    accepted: token(600),
    refused: token(599),
    errors: [
      `${volume}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes`,
    ],
  },
  {
    rule: 'a token is not good for ever',
    accepted: token(2 ** 32),
    refused: token(2 ** 32 + 1),
    errors: [
      `${volume}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds`,
    ],
  },
  {
    rule: 'a token is of a service account',
    accepted: token(600),
    refused: { ...token(600), 'spec.serviceAccountName': undefined },
    errors: [`${volume}.projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set`],
  },
];

const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const making = (spec: object) => ({ ephemeral: { volumeClaimTemplate: { spec } } });

const ephemeral: readonly Rule[] = [
  source('a claim that is made has a template', making(claim), { ephemeral: {} }, 'ephemeral.volumeClaimTemplate: Required value'),
  source(
    'a claim that is made has a mode of access',
    making(claim),
    making({ ...claim, accessModes: [] }),
    'ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required',
  ),
  source(
    'a claim that is made asks for storage',
    making(claim),
    making({ ...claim, resources: {} }),
    'ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
  ),
];

/** What a pod brings for its containers to mount. */
export const volumeRules: readonly Rule[] = [...names, ...places, ...keyFiles, ...downward, ...projected, ...ephemeral];
