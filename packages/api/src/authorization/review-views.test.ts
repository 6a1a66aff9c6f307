import { meta, unwrap } from '@keelson/schema';
import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterAll, expect, it } from 'vitest';
import { allBuiltInGroups } from '../testing/all-built-in-groups.js';

afterAll(stopTestServers);

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const review = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
const as = (view: string, version = 'v1') => `as=${view};g=meta.k8s.io;v=${version}`;

it('shows the metadata of reviews, but no tables nor lists of them', async () => {
  const { client } = await startTestServer({ groups: allBuiltInGroups() });
  for (const view of ['Table', 'PartialObjectMetadataList']) {
    const refused = await client.post(path, review, { accept: `application/json;${as(view)}` });
    expect(refused.json()).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
      message: 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    });
  }
  const either = await client.post(path, review, { accept: `application/json;${as('Table')},application/json` });
  expect([either.code, either.json<{ kind: string }>().kind]).toEqual([201, 'SelfSubjectAccessReview']);

  const partial = await client.post(path, review, { accept: `application/json;${as('PartialObjectMetadata', 'v1beta1')}` });
  expect(partial.json()).toEqual({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1beta1',
    metadata: { managedFields: [expect.objectContaining({ apiVersion: 'authorization.k8s.io/v1', operation: 'Update' })] },
  });
  const { bytes } = await client.post(path, review, { accept: `application/vnd.kubernetes.protobuf;${as('PartialObjectMetadata')}` });
  const { apiVersion, kind, message } = unwrap(bytes);
  expect([apiVersion, kind]).toEqual(['meta.k8s.io/v1', 'PartialObjectMetadata']);
  expect(meta.v1.PartialObjectMetadata.codec.decode(message).metadata.managedFields).toHaveLength(1);
});
