import type { KubeObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, target } from '../testing/attributes.js';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js';

function admitted(group: string, resource: string, finalizers?: string[], subresource = ''): string[] | undefined {
  const object: KubeObject = { metadata: { name: 'x', ...(finalizers && { finalizers }) } };
  void storageObjectInUseProtection.admit?.(attributes(target(group, 'Any', resource), 'CREATE', object, { subresource }));
  return object.metadata.finalizers;
}

describe('storageObjectInUseProtection', () => {
  it.each([
    ['', 'persistentvolumeclaims', ['kubernetes.io/pvc-protection']],
    ['', 'persistentvolumes', ['kubernetes.io/pv-protection']],
    ['storage.k8s.io', 'volumeattributesclasses', ['kubernetes.io/vac-protection']],
    ['example.com', 'persistentvolumes', undefined],
    ['', 'pods', undefined],
    ['', 'constructor', undefined],
  ])('keeps %s/%s by %j', (group, resource, expected) => {
    expect(admitted(group, resource)).toEqual(expected);
  });

  it('adds its finalizer to others, once', () => {
    expect(admitted('', 'persistentvolumes', ['mine'])).toEqual(['mine', 'kubernetes.io/pv-protection']);
    expect(admitted('', 'persistentvolumes', ['kubernetes.io/pv-protection'])).toEqual(['kubernetes.io/pv-protection']);
  });

  it('has nothing to do with subresources and updates', () => {
    expect(admitted('', 'persistentvolumes', undefined, 'status')).toBeUndefined();
    expect(storageObjectInUseProtection.handles('UPDATE')).toBe(false);
  });
});
