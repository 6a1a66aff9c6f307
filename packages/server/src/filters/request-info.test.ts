import { describe, expect, it } from 'vitest';
import { Query } from '../http/query.js';
import { parseRequestInfo, type RequestInfo } from './request-info.js';

const parse = (method: string, url: string): RequestInfo => parseRequestInfo(method, url, { query: new Query(url.split('?')[1] ?? '') });

describe('parseRequestInfo', () => {
  // verb, prefix, group, version, namespace, resource, subresource, name, parts
  it.each([
    ['GET', '/api/v1/namespaces', 'list', 'api', '', 'v1', '', 'namespaces', '', '', ['namespaces']],
    ['GET', '/api/v1/namespaces/other', 'get', 'api', '', 'v1', 'other', 'namespaces', '', 'other', ['namespaces', 'other']],
    ['GET', '/api/v1/namespaces/other/pods', 'list', 'api', '', 'v1', 'other', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/namespaces/other/pods/foo', 'get', 'api', '', 'v1', 'other', 'pods', '', 'foo', ['pods', 'foo']],
    ['HEAD', '/api/v1/namespaces/other/pods/foo', 'get', 'api', '', 'v1', 'other', 'pods', '', 'foo', ['pods', 'foo']],
    ['GET', '/api/v1/pods', 'list', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['HEAD', '/api/v1/pods', 'list', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/pods?watch=true', 'watch', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/pods?watch=false', 'list', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/watch/pods', 'watch', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/watch/namespaces/other/pods/foo', 'watch', 'api', '', 'v1', 'other', 'pods', '', 'foo', ['pods', 'foo']],
    ['GET', '/api/v1/namespaces/other/pods/foo/log', 'get', 'api', '', 'v1', 'other', 'pods', 'log', 'foo', ['pods', 'foo', 'log']],
    ['GET', '/api/v1/proxy/namespaces/other/pods/foo/x', 'proxy', 'api', '', 'v1', 'other', 'pods', '', 'foo', ['pods', 'foo', 'x']],
    ['GET', '/api/v1/nodes/n/proxy/metrics/x', 'get', 'api', '', 'v1', '', 'nodes', 'proxy', 'n', ['nodes', 'n', 'proxy', 'metrics', 'x']],
    [
      'PUT',
      '/api/v1/namespaces/other/finalize',
      'update',
      'api',
      '',
      'v1',
      'other',
      'namespaces',
      'finalize',
      'other',
      ['namespaces', 'other', 'finalize'],
    ],
    [
      'PUT',
      '/api/v1/namespaces/other/status',
      'update',
      'api',
      '',
      'v1',
      'other',
      'namespaces',
      'status',
      'other',
      ['namespaces', 'other', 'status'],
    ],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/other/deployments/d',
      'patch',
      'apis',
      'apps',
      'v1',
      'other',
      'deployments',
      '',
      'd',
      ['deployments', 'd'],
    ],
    ['POST', '/apis/apps/v1/namespaces/other/deployments', 'create', 'apis', 'apps', 'v1', 'other', 'deployments', '', '', ['deployments']],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/other/deployments',
      'deletecollection',
      'apis',
      'apps',
      'v1',
      'other',
      'deployments',
      '',
      '',
      ['deployments'],
    ],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/other/deployments/d',
      'delete',
      'apis',
      'apps',
      'v1',
      'other',
      'deployments',
      '',
      'd',
      ['deployments', 'd'],
    ],
    ['FOO', '/api/v1/pods', '', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '//api/v1/pods//', 'list', 'api', '', 'v1', '', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/namespaces/o%74her/pods', 'list', 'api', '', 'v1', 'other', 'pods', '', '', ['pods']],
    ['GET', '/api/v1/namespaces/a%2Fpods', 'list', 'api', '', 'v1', 'a', 'pods', '', '', ['pods']],
  ])('reads %s %s', (method, url, verb, apiPrefix, apiGroup, apiVersion, namespace, resource, subresource, name, parts) => {
    expect(parse(method, url)).toMatchObject({
      isResourceRequest: true,
      verb,
      apiPrefix,
      apiGroup,
      apiVersion,
      namespace,
      resource,
      subresource,
      name,
      parts,
    });
  });

  it.each(['/', '/api', '/api/v1', '/api/v1/', '/apis', '/apis/apps', '/apis/apps/v1', '/version', '/other/v1/pods/x/y'])(
    '%s is no resource',
    (path) => {
      expect(parse('POST', path)).toMatchObject({ isResourceRequest: false, verb: 'post', path, resource: '', parts: [] });
    },
  );

  it.each([
    ['/api/v1/pods?fieldSelector=metadata.name%3Dfoo', 'foo'],
    ['/api/v1/pods?fieldSelector=metadata.name%3D%3Dfoo,spec.nodeName%3Dn', 'foo'],
    ['/api/v1/pods?fieldSelector=metadata.name!%3Dfoo', ''],
    ['/api/v1/pods?fieldSelector=metadata.name%3D..', ''],
    ['/api/v1/pods?fieldSelector=metadata.name%3Da%2Fb', ''],
    ['/api/v1/pods?fieldSelector=spec.nodeName%3Dmetadata.name', ''],
    ['/api/v1/pods?fieldSelector=metadata.name', ''],
    ['/api/v1/pods?fieldSelector=metadata.name%3Dfoo&watch=1', 'foo'],
  ])('narrows %s to the name %j', (url, name) => {
    expect(parse('GET', url).name).toBe(name);
  });

  it('keeps raw selectors of what selects, and of nothing else', () => {
    expect(parse('GET', '/api/v1/pods?labelSelector=a%3Db&fieldSelector=x%3Dy')).toMatchObject({
      labelSelector: 'a=b',
      fieldSelector: 'x=y',
    });
    expect(parse('DELETE', '/api/v1/namespaces/n/pods?labelSelector=a%3Db')).toMatchObject({ labelSelector: 'a=b' });
    expect(parse('GET', '/api/v1/pods/p?labelSelector=a%3Db')).toMatchObject({ labelSelector: '' });
    expect(parse('GET', '/api/v1/watch/pods?labelSelector=a%3Db')).toMatchObject({ labelSelector: '' });
  });

  it('refuses a special verb with nothing behind it, and malformed escapes', () => {
    expect(() => parse('GET', '/api/v1/watch')).toThrow('unable to determine kind and namespace from url, /api/v1/watch');
    expect(() => parse('GET', '/api/v1/%zz')).toThrow('invalid URL escape');
  });

  it('finds the path in the form that proxies are sent', () => {
    expect(parse('GET', 'https://host:6443/api/v1/pods?limit=1')).toMatchObject({ path: '/api/v1/pods', resource: 'pods' });
  });
});
