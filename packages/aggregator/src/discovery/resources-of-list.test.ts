import { expect, it } from 'vitest';
import { resourcesOfList } from './resources-of-list.js';

it('makes parts of subresources, whether their resource comes before, after or never', () => {
  const resource = (name: string, kind: string, more: object = {}) => ({
    name,
    singularName: '',
    namespaced: true,
    kind,
    verbs: ['get'],
    ...more,
  });
  const resources = [
    resource('b/status', 'B'),
    resource('b', 'B', { shortNames: ['bb'], categories: ['all'], storageVersionHash: 'h', singularName: 'b' }),
    resource('b/scale', 'Scale', { group: 'autoscaling', version: 'v1' }),
    resource('c/log', 'C', { namespaced: false }),
  ];
  const kind = (name: string) => ({ group: '', version: '', kind: name });
  expect(resourcesOfList({ groupVersion: 'x/v1', resources })).toEqual([
    {
      resource: 'b',
      responseKind: kind('B'),
      scope: 'Namespaced',
      singularResource: 'b',
      verbs: ['get'],
      shortNames: ['bb'],
      categories: ['all'],
      storageVersionHash: 'h',
      subresources: [
        { subresource: 'status', responseKind: kind('B'), verbs: ['get'] },
        { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: ['get'] },
      ],
    },
    {
      resource: 'c',
      responseKind: kind(''),
      scope: 'Cluster',
      singularResource: '',
      verbs: null,
      subresources: [{ subresource: 'log', responseKind: kind('C'), verbs: ['get'] }],
    },
  ]);
});
