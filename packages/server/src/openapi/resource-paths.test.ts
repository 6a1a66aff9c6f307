import { describe, expect, it } from 'vitest';
import { sampleGroups } from '../discovery/testing/sample-groups.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { pathItemV2 } from './path-item-v2.js';
import { pathItemV3 } from './path-item-v3.js';
import { resourcePaths } from './resource-paths.js';

function versionOf(resource: string): ResourceVersion {
  const all = sampleGroups.flatMap(({ resources }) => resources);
  return all.find((one) => one.resource.resource === resource) as ResourceVersion;
}

function pathOf(resource: string, path: string) {
  const found = resourcePaths(versionOf(resource)).find((one) => one.path === path);
  if (found === undefined) throw new Error(`no path ${path}`);
  return found;
}

const idsOf = (resource: string) =>
  resourcePaths(versionOf(resource)).map(({ path, operations }) => `${path} ${operations.map(({ id }) => id).join(' ')}`);

describe('resourcePaths', () => {
  it('names the operations of a namespaced resource and its subresources', () => {
    const root = '/apis/apps/v1';
    const one = '/namespaces/{namespace}/deployments/{name}';
    expect(idsOf('deployments')).toEqual([
      `${root}/namespaces/{namespace}/deployments listAppsV1NamespacedDeployment createAppsV1NamespacedDeployment deleteAppsV1CollectionNamespacedDeployment`,
      `${root}${one} readAppsV1NamespacedDeployment replaceAppsV1NamespacedDeployment patchAppsV1NamespacedDeployment deleteAppsV1NamespacedDeployment`,
      `${root}/deployments listAppsV1DeploymentForAllNamespaces`,
      `${root}/watch/namespaces/{namespace}/deployments watchAppsV1NamespacedDeploymentList`,
      `${root}/watch${one} watchAppsV1NamespacedDeployment`,
      `${root}/watch/deployments watchAppsV1DeploymentListForAllNamespaces`,
      `${root}${one}/status readAppsV1NamespacedDeploymentStatus replaceAppsV1NamespacedDeploymentStatus patchAppsV1NamespacedDeploymentStatus`,
      `${root}${one}/scale readAppsV1NamespacedDeploymentScale replaceAppsV1NamespacedDeploymentScale patchAppsV1NamespacedDeploymentScale`,
    ]);
  });

  it('names the operations of a cluster-scoped resource that cannot be deleted as a collection', () => {
    expect(idsOf('namespaces')).toEqual([
      '/api/v1/namespaces listCoreV1Namespace createCoreV1Namespace',
      '/api/v1/namespaces/{name} readCoreV1Namespace replaceCoreV1Namespace patchCoreV1Namespace deleteCoreV1Namespace',
      '/api/v1/watch/namespaces watchCoreV1NamespaceList',
      '/api/v1/watch/namespaces/{name} watchCoreV1Namespace',
    ]);
  });

  it('has one path for what is only reviewed', () => {
    expect(idsOf('subjectaccessreviews')).toEqual([
      '/apis/authorization.k8s.io/v1/subjectaccessreviews createAuthorizationV1SubjectAccessReview',
    ]);
  });

  it('connects with every method, and below a proxy with every path', () => {
    const connections = idsOf('pods').filter((ids) => /\/(exec|log|proxy|eviction)/.test(ids));
    const proxy = (suffix: string) =>
      ['Get', 'Head', 'Post', 'Put', 'Patch', 'Delete', 'Options']
        .map((method) => `connectCoreV1${method}NamespacedPodProxy${suffix}`)
        .join(' ');
    const one = '/api/v1/namespaces/{namespace}/pods/{name}';
    expect(connections).toEqual([
      `${one}/log readCoreV1NamespacedPodLog`,
      `${one}/exec connectCoreV1GetNamespacedPodExec connectCoreV1PostNamespacedPodExec`,
      `${one}/proxy ${proxy('')}`,
      `${one}/proxy/{path} ${proxy('WithPath')}`,
      `${one}/eviction createCoreV1NamespacedPodEviction`,
    ]);
  });
});

const media = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const gvk = { group: '', kind: 'Namespace', version: 'v1' };

describe('pathItemV2', () => {
  it('writes parameters of all operations once, and refers to those that the document shares', () => {
    const item = pathItemV2(pathOf('namespaces', '/api/v1/namespaces/{name}'));
    expect(item.parameters).toEqual([
      { description: 'name of the Namespace', in: 'path', name: 'name', required: true, type: 'string', uniqueItems: true },
      { $ref: '#/parameters/pretty-tJGM1-ng' },
    ]);
    expect(item.get).toEqual({
      description: 'read the specified Namespace',
      operationId: 'readCoreV1Namespace',
      tags: ['core_v1'],
      consumes: ['*/*'],
      produces: media,
      schemes: ['https'],
      responses: {
        '200': { description: 'OK', schema: { $ref: '#/definitions/io.k8s.api.core.v1.Namespace' } },
        '401': { description: 'Unauthorized' },
      },
      'x-kubernetes-action': 'get',
      'x-kubernetes-group-version-kind': gvk,
    });
    const named = (method: string) =>
      ((item[method] as { parameters: { name?: string; $ref?: string }[] }).parameters ?? []).map(({ name, $ref }) => name ?? $ref);
    expect(named('patch')).toEqual([
      '#/parameters/body-78PwaGsr',
      'dryRun',
      '#/parameters/fieldManager-7c6nTn1T',
      'fieldValidation',
      '#/parameters/force-tOGGb0Yi',
    ]);
    expect(named('put')).toEqual(['body', 'dryRun', '#/parameters/fieldManager-Qy4HdaTW', 'fieldValidation']);
  });

  it('writes connections with their options in the query', () => {
    const item = pathItemV2(pathOf('pods', '/api/v1/namespaces/{namespace}/pods/{name}/exec'));
    expect(item.parameters).toEqual([
      { $ref: '#/parameters/command-Py3eQybp' },
      { $ref: '#/parameters/container-i5dOmRiM' },
      { description: 'name of the PodExecOptions', in: 'path', name: 'name', required: true, type: 'string', uniqueItems: true },
      { $ref: '#/parameters/namespace-vgWSWtn3' },
      { $ref: '#/parameters/stderr-W_1TNlWc' },
      { $ref: '#/parameters/stdin-PSzNhyUC' },
      { $ref: '#/parameters/stdout--EZLRwV1' },
      { $ref: '#/parameters/tty-s0flW37O' },
    ]);
    expect(item.post).toEqual({
      description: 'connect POST requests to exec of Pod',
      operationId: 'connectCoreV1PostNamespacedPodExec',
      tags: ['core_v1'],
      consumes: ['*/*'],
      produces: ['*/*'],
      schemes: ['https'],
      responses: { '200': { description: 'OK', schema: { type: 'string' } }, '401': { description: 'Unauthorized' } },
      'x-kubernetes-action': 'connect',
      'x-kubernetes-group-version-kind': { group: '', kind: 'PodExecOptions', version: 'v1' },
    });
  });

  it('says what a deletion answers', () => {
    const answers = (resource: string, path: string) => {
      const { responses } = pathItemV2(pathOf(resource, path)).delete as { responses: Record<string, { schema?: { $ref: string } }> };
      return [responses['200']?.schema?.$ref, responses['202']?.schema?.$ref];
    };
    const pod = '#/definitions/io.k8s.api.core.v1.Pod';
    const status = '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Status';
    expect(answers('pods', '/api/v1/namespaces/{namespace}/pods/{name}')).toEqual([pod, pod]);
    expect(answers('pods', '/api/v1/namespaces/{namespace}/pods')).toEqual([status, undefined]);
    expect(answers('namespaces', '/api/v1/namespaces/{name}')).toEqual([status, status]);
  });
});

describe('pathItemV3', () => {
  it('writes bodies and answers by media type', () => {
    const review = { schema: { $ref: '#/components/schemas/io.k8s.api.authorization.v1.SubjectAccessReview' } };
    const content = { 'application/json': review, 'application/vnd.kubernetes.protobuf': review, 'application/yaml': review };
    const item = pathItemV3(pathOf('subjectaccessreviews', '/apis/authorization.k8s.io/v1/subjectaccessreviews'));
    expect(item.post).toEqual({
      description: 'create a SubjectAccessReview',
      operationId: 'createAuthorizationV1SubjectAccessReview',
      tags: ['authorization_v1'],
      requestBody: { content: { '*/*': review }, required: true },
      responses: {
        '200': { description: 'OK', content },
        '201': { description: 'Created', content },
        '202': { description: 'Accepted', content },
        '401': { description: 'Unauthorized' },
      },
      'x-kubernetes-action': 'post',
      'x-kubernetes-group-version-kind': { group: 'authorization.k8s.io', kind: 'SubjectAccessReview', version: 'v1' },
    });
    expect(
      (item.parameters as { name: string; in: string; schema: object }[]).map(({ name, in: place, schema }) => [name, place, schema]),
    ).toEqual(
      ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'].map((name) => [name, 'query', { type: 'string', uniqueItems: true }]),
    );
  });

  it('writes lists as documents and streams', () => {
    const item = pathItemV3(pathOf('namespaces', '/api/v1/namespaces')) as { get: { responses: { '200': { content: object } } } };
    expect(Object.keys(item.get.responses['200'].content)).toEqual([
      'application/json',
      'application/json;stream=watch',
      'application/vnd.kubernetes.protobuf',
      'application/vnd.kubernetes.protobuf;stream=watch',
      'application/yaml',
    ]);
  });

  it('takes every form of patch', () => {
    const item = pathItemV3(pathOf('namespaces', '/api/v1/namespaces/{name}')) as { patch: { requestBody: { content: object } } };
    expect(Object.keys(item.patch.requestBody.content)).toEqual([
      'application/apply-patch+yaml',
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/strategic-merge-patch+json',
    ]);
  });
});
