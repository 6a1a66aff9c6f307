import { describe, expect, it } from 'vitest';
import { groupTag, groupTitle, versionTag, versionTitle } from './naming.js';

describe('names of groups', () => {
  it.each([
    ['', 'Core', 'core'],
    ['apps', 'Apps', 'apps'],
    ['rbac.authorization.k8s.io', 'RbacAuthorization', 'rbacAuthorization'],
    ['flowcontrol.apiserver.k8s.io', 'FlowcontrolApiserver', 'flowcontrolApiserver'],
    ['stable.example.com', 'StableExampleCom', 'stableExampleCom'],
  ])('of %s', (group, title, tag) => {
    expect([groupTitle(group), groupTag(group)]).toEqual([title, tag]);
  });

  it('have their version', () => {
    const groupVersion = { group: 'storage.k8s.io', version: 'v1beta1' };
    expect([versionTitle(groupVersion), versionTag(groupVersion)]).toEqual(['StorageV1beta1', 'storage_v1beta1']);
  });
});
