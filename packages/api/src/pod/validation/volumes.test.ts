import { describe, expect, it } from 'vitest';
import { podProblems, volumeProblems } from '../../testing/pod-problems.js';

const modeRange = 'must be a number between 0 and 0777 (octal), both inclusive';
const excess = 'Forbidden: may not specify more than 1 volume type';
const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const podFields = 'supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"';

describe('a volume', () => {
  it.each<[string, object, string[]]>([
    [
      'of an image',
      { image: { reference: 'i', pullPolicy: 'X' } },
      ['image.pullPolicy: Unsupported value: "X": supported values: "Always", "IfNotPresent", "Never"'],
    ],
    ['of two sources', { emptyDir: {}, hostPath: { path: '/a' } }, [`hostPath: ${excess}`]],
    [
      'of more sources than one, some under other names',
      { emptyDir: {}, gcePersistentDisk: {}, cephfs: {}, downwardAPI: {} },
      ['gcePersistentDisk', 'cephFS', 'downwarAPI'].map((name) => `${name}: ${excess}`),
    ],
    ['that may grow to nothing', { emptyDir: { sizeLimit: '0' } }, []],
    [
      'that may grow to less than nothing',
      { emptyDir: { sizeLimit: '-1' } },
      ['emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity'],
    ],
    ['of no path', { hostPath: { path: '' } }, ['hostPath.path: Required value']],
    [
      'of no repository',
      { gitRepo: { directory: '/..' } },
      [
        'gitRepo.repository: Required value',
        'gitRepo.directory: Invalid value: "/..": must be a relative path',
        'gitRepo.directory: Invalid value: "/..": must not contain \'..\'',
      ],
    ],
    ['of a disk that has no name', { gcePersistentDisk: { pdName: '' } }, ['persistentDisk.pdName: Required value']],
    ['of a claim', { persistentVolumeClaim: { claimName: 'c' } }, []],
    ['of no claim', { persistentVolumeClaim: {} }, ['persistentVolumeClaim.claimName: Required value']],
    ['of Ceph’s', { rbd: { monitors: ['m'], image: 'i' } }, []],
    ['of nobody’s', { rbd: {} }, ['rbd.monitors: Required value', 'rbd.image: Required value']],
    ['with a secret of no name', { cinder: { volumeID: 'v', secretRef: {} } }, ['cinder.secretRef.name: Required value']],
    ['of a driver', { csi: { driver: 'a.b', nodePublishSecretRef: { name: 's' } } }, []],
    [
      'of a driver with a bad secret',
      { csi: { driver: 'a.b', nodePublishSecretRef: {} } },
      ['csi.nodePublishSecretRef.name: Required value'],
    ],
    [
      'of a target without all it needs',
      { iscsi: { targetPortal: '', iqn: 'x', lun: 256, chapAuthSession: true } },
      [
        'iscsi.targetPortal: Required value',
        'iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
        'iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
        'iscsi.secretRef: Required value',
      ],
    ],
    [
      'of a target whose sessions could not be told apart',
      { iscsi: { targetPortal: 'p'.repeat(64), iqn: 'eui.0123456789abcdef', initiatorName: 'eui.0123456789abcdef' } },
      [
        'name: Invalid value: "v": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ],
    ],
    ['of its own claim', { ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: 'b' } }, spec: claimSpec } } }, []],
    ['of no claim of its own', { ephemeral: {} }, ['ephemeral.volumeClaimTemplate: Required value']],
    [
      'of a claim of its own that would not do',
      { ephemeral: { volumeClaimTemplate: { metadata: { name: 'x' }, spec: { ...claimSpec, resources: {} } } } },
      [
        'ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set',
        'ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
      ],
    ],
  ])('%s', (_title, source, problems) => {
    expect(volumeProblems(source)).toEqual(problems);
  });
});

describe('files', () => {
  it.each<[string, object, string[]]>([
    ['of a secret', { secret: { secretName: 's', items: [{ key: 'k', path: 'a/b', mode: 0o400 }] } }, []],
    [
      'of a secret without all they need',
      { secret: { secretName: '', defaultMode: 512, items: [{ key: '', path: '' }] } },
      [
        'secret.secretName: Required value',
        `secret.defaultMode: Invalid value: 512: ${modeRange}`,
        'secret.items[0].key: Required value',
        'secret.items[0].path: Required value',
      ],
    ],
    [
      'in the wrong place',
      {
        configMap: {
          name: 'c',
          items: [
            { key: 'k', path: '/a', mode: -1 },
            { key: 'k', path: '..a' },
          ],
        },
      },
      [
        'configMap.items[0].path: Invalid value: "/a": must be a relative path',
        `configMap.items[0].mode: Invalid value: -1: ${modeRange}`,
        'configMap.items[1].path: Invalid value: "..a": must not start with \'..\'',
      ],
    ],
    ['about the pod', { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }, []],
    [
      'about nothing',
      { downwardAPI: { items: [{ path: '' }] } },
      ['downwardAPI.path: Required value', 'downwardAPI: Required value: one of fieldRef and resourceFieldRef is required'],
    ],
    [
      'about what only variables can tell',
      { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'spec.nodeName' } }] } },
      [`downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": ${podFields}`],
    ],
    [
      'about two things',
      {
        downwardAPI: {
          items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef: { resource: 'limits.cpu' } }],
        },
      },
      ['downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously'],
    ],
    [
      'about the resources of some container',
      { downwardAPI: { items: [{ path: 'l', resourceFieldRef: { resource: 'limits.cpu' } }] } },
      ['downwardAPI.resourceFieldRef.containerName: Required value'],
    ],
  ])('%s', (_title, source, problems) => {
    expect(volumeProblems(source)).toEqual(problems);
  });
});

describe('files of several sources', () => {
  const item = { key: 'k', path: 'p' };

  it.each<[string, object[], string[]]>([
    ['side by side', [{ secret: { name: 's', items: [item] } }, { serviceAccountToken: { path: 't' } }], []],
    ['without a name', [{ configMap: { items: [item] } }], ['.sources[0].configMap.name: Required value']],
    [
      'two in one',
      [{ secret: { name: 's' }, configMap: { name: 'c' } }],
      ['.sources[0]: Forbidden: may not specify more than 1 volume type per source'],
    ],
    [
      'at one place',
      [{ secret: { name: 's', items: [item] } }, { configMap: { name: 'c', items: [item] } }],
      [': Invalid value: "c": conflicting duplicate paths'],
    ],
    [
      'with a token that ends too soon',
      [{ serviceAccountToken: { path: '', expirationSeconds: 5 } }],
      [
        '.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
        '.path: Required value',
      ],
    ],
    [
      'with a token that never ends',
      [{ serviceAccountToken: { path: 't', expirationSeconds: 2 ** 33 } }],
      ['.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 8589934592: may not specify a duration larger than 2^32 seconds'],
    ],
  ])('%s', (_title, sources, problems) => {
    expect(volumeProblems({ projected: { sources } })).toEqual(problems.map((text) => `projected${text}`));
  });
});

it('volumes have names, each its own', () => {
  const volumes = [{ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }, { emptyDir: {} }];
  expect(podProblems({ volumes })).toEqual(['volumes[1].name: Duplicate value: "v"', 'volumes[2].name: Required value']);
});
