import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { volumeAttachments } from './volume-attachments.js';

const at = 'spec.source.inlineVolumeSpec';
const context = 'in the context of inline volumes';
const inline = { accessModes: ['ReadWriteOnce'], csi: { driver: 'd', volumeHandle: 'h' } };

it.each<[object, string[]]>([
  [{ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }, []],
  [{ csi: { driver: 'd', volumeHandle: '' } }, [`${at}.csi.volumeHandle: Required value`]],
  [
    { csi: undefined, hostPath: { path: '/', type: '' }, persistentVolumeReclaimPolicy: 'Recycle' },
    [
      `${at}.csi: Required value: has to be specified ${context}`,
      `${at}.persistentVolumeReclaimPolicy: Forbidden: may only be Retain ${context}`,
      `${at}.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'`,
    ],
  ],
  [
    { capacity: { storage: '1Gi' }, claimRef: {}, nodeAffinity: {}, storageClassName: 'c', volumeMode: 'Block' },
    [
      `${at}.claimRef: Forbidden: may not be specified ${context}`,
      `${at}.capacity: Forbidden: may not be specified ${context}`,
      `${at}.nodeAffinity: Forbidden: may not be specified ${context}`,
      `${at}.storageClassName: Forbidden: may not be specified ${context}`,
      `${at}.volumeMode: Forbidden: may not specify volumeMode other than Filesystem ${context}`,
    ],
  ],
])('an attachment of a volume with %j has the problems %j', (spec, expected) => {
  const attachment = { spec: { attacher: 'd', nodeName: 'n', source: { inlineVolumeSpec: { ...inline, ...spec } } } };
  expect(problemsOf(volumeAttachments, attachment)).toEqual(expected);
});
