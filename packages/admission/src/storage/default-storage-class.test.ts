import type { KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { DefaultStorageClass } from './default-storage-class.js';

type Claim = core.v1.PersistentVolumeClaim;

const claims = target('', 'PersistentVolumeClaim', 'persistentvolumeclaims');

function storageClass(name: string, mark: string, second = 0): KubeObject {
  return { metadata: { name, creationTimestamp: `2025-01-01T00:00:0${second}Z`, annotations: { [mark]: 'true' } } };
}

const marked = storageClass('slow', 'storageclass.kubernetes.io/is-default-class');
const newer = storageClass('fast', 'storageclass.beta.kubernetes.io/is-default-class', 1);
const unmarked = storageClass('other', 'example.com/is-default-class', 2);

function classOf(claim: Partial<Claim>, storageclasses: KubeObject[], subresource = ''): string | undefined {
  const object = { metadata: { name: 'c' }, spec: { resources: {} }, status: {}, ...claim } as Claim;
  new DefaultStorageClass(hostOf({ storageclasses }).objects).admit(attributes(claims, 'CREATE', object, { subresource }));
  return object.spec.storageClassName;
}

describe('DefaultStorageClass', () => {
  it('gives claims that name no class the newest default', () => {
    expect(classOf({}, [marked, newer, unmarked])).toBe('fast');
    expect(classOf({}, [marked])).toBe('slow');
    expect(classOf({}, [unmarked])).toBeUndefined();
  });

  it('leaves those that name one, or that they want none', () => {
    const named = (storageClassName: string) => ({ spec: { resources: {}, storageClassName } });
    expect(classOf(named('mine'), [marked])).toBe('mine');
    expect(classOf(named(''), [marked])).toBe('');
    const annotations = { 'volume.beta.kubernetes.io/storage-class': '' };
    expect(classOf({ metadata: { name: 'c', annotations } }, [marked])).toBeUndefined();
  });

  it('has nothing to do with subresources, updates and other kinds', () => {
    expect(classOf({}, [marked], 'status')).toBeUndefined();
    const plugin = new DefaultStorageClass(hostOf({ storageclasses: [marked] }).objects);
    expect([plugin.handles('CREATE'), plugin.handles('UPDATE')]).toEqual([true, false]);
    const other = { metadata: { name: 'c' }, spec: {} };
    plugin.admit(attributes(target('example.com', 'Claim', 'persistentvolumeclaims'), 'CREATE', other));
    expect(other.spec).toEqual({});
  });
});
