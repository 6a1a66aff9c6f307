import type { ApiError, KubeObject } from '@keelson/machinery';
import type { core, storage } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, readerOf, target } from '../testing/attributes.js';
import { PersistentVolumeClaimResize } from './persistent-volume-claim-resize.js';

type Claim = core.v1.PersistentVolumeClaim;

const claims = target('', 'PersistentVolumeClaim', 'persistentvolumeclaims');
const classes = [
  { metadata: { name: 'elastic' }, allowVolumeExpansion: true },
  { metadata: { name: 'stiff' } },
] as storage.v1.StorageClass[];
const plugin = new PersistentVolumeClaimResize(readerOf(classes));

function claim(size: string | undefined, storageClassName?: string, phase = 'Bound', metadata: KubeObject['metadata'] = {}): Claim {
  return {
    metadata: { name: 'data', namespace: 'a', ...metadata },
    spec: { resources: { ...(size && { requests: { storage: size } }) }, ...(storageClassName !== undefined && { storageClassName }) },
    status: { phase },
  };
}

async function outcome(object: Claim, oldObject: Claim, subresource = ''): Promise<string> {
  const error = (await failureOf(() => plugin.validate(attributes(claims, 'UPDATE', object, { oldObject, subresource })))) as
    | ApiError
    | undefined;
  return error?.message ?? 'admitted';
}

const refused = 'persistentvolumeclaims "data" is forbidden:';
const unbound = `${refused} Only bound persistent volume claims can be expanded`;
const fixed = `${refused} only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`;

describe('PersistentVolumeClaimResize', () => {
  it.each<[string, Claim, Claim, string]>([
    ['growing where the class lets it', claim('2Gi', 'elastic'), claim('1Gi', 'elastic'), 'admitted'],
    ['the same in other words', claim('1024Mi', 'stiff'), claim('1Gi', 'stiff'), 'admitted'],
    ['less', claim('500M', 'stiff'), claim('1Gi', 'stiff'), 'admitted'],
    ['nothing asked for', claim(undefined), claim(undefined), 'admitted'],
    ['a claim that is not bound', claim('2Gi', 'elastic'), claim('1Gi', 'elastic', 'Pending'), unbound],
    ['a class that does not say so', claim('2Gi', 'stiff'), claim('1Gi', 'stiff'), fixed],
    ['a class that is gone', claim('2Gi', 'gone'), claim('1Gi', 'gone'), fixed],
    ['no class', claim('2Gi', ''), claim('1Gi', ''), fixed],
    ['another class than before', claim('2Gi', 'elastic'), claim('1Gi', 'stiff'), fixed],
  ])('%s', async (_, object, old, expected) => {
    expect(await outcome(object, old)).toBe(expected);
  });

  it('takes the class from the annotation where there is one', async () => {
    const annotations = { 'volume.beta.kubernetes.io/storage-class': 'elastic' };
    expect(await outcome(claim('2Gi', 'stiff', 'Bound', { annotations }), claim('1Gi', 'elastic'))).toBe('admitted');
  });

  it('has nothing to do with subresources and new claims', async () => {
    expect(await outcome(claim('2Gi', 'stiff'), claim('1Gi', 'stiff'), 'status')).toBe('admitted');
    expect([plugin.handles('CREATE'), plugin.handles('UPDATE')]).toEqual([false, true]);
  });
});
