import { type AuthorizationAttributes, fieldSelectorAttribute, labelSelectorAttribute } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { reviewSpec } from './review-spec.js';

const resourceRequest: AuthorizationAttributes = {
  user: { name: 'alice', uid: '7', groups: ['devs'], extra: { scopes: ['a', 'b'] } },
  verb: 'list',
  resourceRequest: true,
  apiGroup: 'apps',
  apiVersion: 'v1',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'ns',
  name: 'web',
  path: '/apis/apps/v1/namespaces/ns/deployments/web/scale',
};

describe('what a webhook is asked', () => {
  it('is about a resource', () => {
    expect(reviewSpec(resourceRequest)).toEqual({
      user: 'alice',
      uid: '7',
      groups: ['devs'],
      extra: { scopes: ['a', 'b'] },
      resourceAttributes: {
        namespace: 'ns',
        verb: 'list',
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        subresource: 'scale',
        name: 'web',
      },
    });
  });

  it('is about a path', () => {
    const request = { ...resourceRequest, user: { name: 'bob', groups: [] }, resourceRequest: false, verb: 'get', path: '/healthz' };
    expect(reviewSpec(request)).toEqual({ user: 'bob', nonResourceAttributes: { path: '/healthz', verb: 'get' } });
  });

  it('leaves out what is empty', () => {
    const request = { ...resourceRequest, apiGroup: '', subresource: '', namespace: '', name: '', resource: 'nodes' };
    expect(reviewSpec(request).resourceAttributes).toEqual({ verb: 'list', version: 'v1', resource: 'nodes' });
    expect(reviewSpec({ ...request, user: { name: '', groups: ['devs'] } })).not.toHaveProperty('user');
  });

  it('says what it is narrowed to, as far as that can be said', () => {
    const request = {
      ...resourceRequest,
      fieldSelector: fieldSelectorAttribute('spec.nodeName=n1,status.phase!=Failed'),
      labelSelector: labelSelectorAttribute('a=1,b==2,c!=3,d in (y,x),e notin (z),f,!g,h>4'),
    };
    const { fieldSelector, labelSelector } = reviewSpec(request).resourceAttributes ?? {};
    expect(fieldSelector).toEqual({
      requirements: [
        { key: 'spec.nodeName', operator: 'In', values: ['n1'] },
        { key: 'status.phase', operator: 'NotIn', values: ['Failed'] },
      ],
    });
    expect(labelSelector).toEqual({
      requirements: [
        { key: 'a', operator: 'In', values: ['1'] },
        { key: 'b', operator: 'In', values: ['2'] },
        { key: 'c', operator: 'NotIn', values: ['3'] },
        { key: 'd', operator: 'In', values: ['x', 'y'] },
        { key: 'e', operator: 'NotIn', values: ['z'] },
        { key: 'f', operator: 'Exists' },
        { key: 'g', operator: 'DoesNotExist' },
      ],
    });
    const wide = { ...request, fieldSelector: fieldSelectorAttribute('broken'), labelSelector: labelSelectorAttribute('h>4') };
    const { fieldSelector: unread, labelSelector: unsaid } = reviewSpec(wide).resourceAttributes ?? {};
    expect([unread, unsaid]).toEqual([undefined, undefined]);
  });
});
