import type { AdmissionAttributes, AdmissionPlugin, KubeObject, ServiceAccountTokenGrant } from '@keelson/machinery';
import type { authentication } from '@keelson/schema';
import { startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtInGroups } from '../built-in-groups.js';

const api = 'https://kubernetes.default.svc';
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const path = `${accounts}/builder/token`;

let server: TestServer;
let uid: string;
let grants: ServiceAccountTokenGrant[];
let failure: Error | undefined;
let admitted: Pick<AdmissionAttributes, 'kind' | 'resource' | 'subresource' | 'name' | 'namespace' | 'operation'>[];
let refuse: ((object: KubeObject) => void) | undefined;

const witness: AdmissionPlugin = {
  name: 'Witness',
  handles: () => true,
  admit: ({ subresource, kind, resource, name, namespace, operation }) => {
    if (subresource !== '') admitted.push({ kind, resource, subresource, name, namespace, operation });
  },
  validate: ({ object, subresource }) => {
    if (subresource !== '' && object) refuse?.(object);
  },
};

beforeAll(async () => {
  const groups = builtInGroups({
    eventTtlSeconds: 3600,
    clusterIpRanges: ['10.0.0.0/24'],
    nodePortRange: { first: 30_000, last: 32_767 },
    serviceAccountTokens: {
      audiences: [api, 'second'],
      maxExpirationSeconds: 7200,
      extendedExpirationSeconds: 99_999,
      issuer: {
        async issue(grant) {
          if (failure) throw failure;
          grants.push(grant);
          return { token: 'the-token', credentialId: 'JTI=7' };
        },
      },
    },
  });
  server = await startTestServer({ groups, admissionPlugins: [witness] });
  await create('/api/v1/namespaces', { metadata: { name: 'default' } });
  uid = await create(accounts, { metadata: { name: 'builder' } });
});
afterAll(stopTestServers);

beforeEach(() => {
  grants = [];
  admitted = [];
  failure = undefined;
  refuse = undefined;
});

async function create(at: string, object: object): Promise<string> {
  const answer = await server.client.post(at, object);
  expect([at, answer.code]).toEqual([at, 201]);
  return answer.json().metadata.uid ?? '';
}

const ask = (body: object, to = path) => server.client.post(to, body);
const refusal = async (spec: object, more: object = {}) => (await ask({ spec, ...more })).failure;
const pod = (name: string, spec: object) => ({ metadata: { name }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });

describe('a token', () => {
  it('is for this API and an hour when nothing else is asked for', async () => {
    const answer = await ask({});
    expect(answer.code).toBe(201);
    const request = answer.json<authentication.v1.TokenRequest>();
    const { creationTimestamp, managedFields } = request.metadata;
    expect(request).toEqual({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: 'builder', namespace: 'default', uid, creationTimestamp, managedFields },
      spec: { audiences: [api, 'second'], expirationSeconds: 3600, boundObjectRef: null },
      status: { token: 'the-token', expirationTimestamp: expect.any(String) },
    });
    const lifetimeMs = Date.parse(request.status.expirationTimestamp ?? '') - Date.parse(creationTimestamp ?? '');
    expect(lifetimeMs).toBe(3_600_000);
    expect(managedFields).toEqual([
      {
        manager: 'tester',
        operation: 'Update',
        apiVersion: 'authentication.k8s.io/v1',
        time: creationTimestamp,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:expirationSeconds': {} } },
        subresource: 'token',
      },
    ]);
    expect(grants).toEqual([
      { namespace: 'default', account: { name: 'builder', uid }, audiences: [api, 'second'], lifetimeSeconds: 3600 },
    ]);
  });

  it('is for whom, and as long as, was asked for', async () => {
    const answer = await ask({
      metadata: { name: 'builder', namespace: 'default', uid },
      spec: { audiences: ['vault'], expirationSeconds: 600 },
    });
    expect(answer.json()).toMatchObject({ spec: { audiences: ['vault'], expirationSeconds: 600 } });
    expect(grants).toMatchObject([{ audiences: ['vault'], lifetimeSeconds: 600 }]);
  });

  it('is cut to the longest life there is, with a warning', async () => {
    const answer = await ask({ spec: { expirationSeconds: 7201 } });
    expect(answer.headers.warning).toBe('299 - "requested expiration of 7201 seconds shortened to 7200 seconds"');
    expect(answer.json()).toMatchObject({ spec: { expirationSeconds: 7200 } });
    expect(grants).toMatchObject([{ lifetimeSeconds: 7200 }]);
  });

  it('is admitted like anything that is written', async () => {
    await ask({});
    expect(admitted).toEqual([
      {
        kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
        resource: { group: '', version: 'v1', resource: 'serviceaccounts' },
        subresource: 'token',
        name: 'builder',
        namespace: 'default',
        operation: 'CREATE',
      },
    ]);
    refuse = (object) => {
      throw new Error(`not for ${(object as authentication.v1.TokenRequest).spec.audiences?.join()}`);
    };
    expect(await refusal({})).toContain(`not for ${api},second`);
    expect(grants).toHaveLength(1);
  });

  it('cannot be had where it cannot be signed', async () => {
    failure = new Error('no entropy');
    expect(await refusal({})).toBe('500 InternalError: Internal error occurred: failed to generate token: no entropy');
  });
});

describe('what is asked for', () => {
  const tooShort = 'spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes';
  const tooLong = 'spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds';

  it('must be of a length that makes sense', async () => {
    expect(await refusal({ expirationSeconds: 599 })).toBe(`422 Invalid: TokenRequest.authentication.k8s.io "" is invalid: ${tooShort}`);
    expect(await refusal({ expirationSeconds: 2 ** 32 + 1 })).toBe(
      `422 Invalid: TokenRequest.authentication.k8s.io "" is invalid: ${tooLong}`,
    );
  });

  it('must be of the account in the path', async () => {
    const invalid = 'TokenRequest.authentication.k8s.io "builder" is invalid';
    expect(await refusal({}, { metadata: { name: 'other' } })).toBe(
      `422 Invalid: ${invalid}: metadata.name: Invalid value: "other": must match the service account name if specified`,
    );
    expect(await refusal({}, { metadata: { namespace: 'other' } })).toBe(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    );
    expect(await refusal({}, { metadata: { uid: 'other' } })).toBe(
      `409 Conflict: Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "builder": the UID in the token request (other) does not match the UID of the service account (${uid})`,
    );
    expect((await ask({}, `${accounts}/missing/token`)).failure).toBe('404 NotFound: serviceaccounts "missing" not found');
  });
});

describe('the object that a token is bound to', () => {
  const bound = (kind: string, name: string, more: object = {}) => ({ boundObjectRef: { kind, apiVersion: 'v1', name, ...more } });

  it('is a pod of the account, whose node is told as well', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const waiting = await create(pods, pod('waiting', { serviceAccountName: 'builder' }));
    const lost = await create(pods, pod('lost', { serviceAccountName: 'builder', nodeName: 'gone' }));
    const placed = await create(pods, pod('placed', { serviceAccountName: 'builder', nodeName: 'n1' }));
    const node = await create('/api/v1/nodes', { metadata: { name: 'n1' } });
    for (const name of ['waiting', 'lost', 'placed']) await ask({ spec: bound('Pod', name) });
    expect(grants.map((grant) => [grant.pod, grant.node])).toEqual([
      [{ name: 'waiting', uid: waiting }, undefined],
      [
        { name: 'lost', uid: lost },
        { name: 'gone', uid: '' },
      ],
      [
        { name: 'placed', uid: placed },
        { name: 'n1', uid: node },
      ],
    ]);
    await create(pods, pod('strange', { serviceAccountName: 'another' }));
    expect(await refusal(bound('Pod', 'strange'))).toBe(
      '400 BadRequest: cannot bind token for serviceaccount "builder" to pod running with different serviceaccount name.',
    );
  });

  it('is a secret or a node', async () => {
    const secret = await create('/api/v1/namespaces/default/secrets', { metadata: { name: 's' } });
    const node = await create('/api/v1/nodes', { metadata: { name: 'n2' } });
    await ask({ spec: bound('Secret', 's', { uid: secret }) });
    await ask({ spec: bound('Node', 'n2') });
    expect(grants).toMatchObject([{ secret: { name: 's', uid: secret } }, { node: { name: 'n2', uid: node } }]);
  });

  it('must be there, and the very one', async () => {
    const uid = await create('/api/v1/namespaces/default/secrets', { metadata: { name: 't' } });
    expect(await refusal(bound('Secret', 'missing'))).toBe('404 NotFound: secrets "missing" not found');
    expect(await refusal(bound('Pod', 'missing'))).toBe('404 NotFound: pods "missing" not found');
    expect(await refusal(bound('Node', 'missing'))).toBe('404 NotFound: nodes "missing" not found');
    expect(await refusal(bound('Secret', 't', { uid: `${uid}-` }))).toBe(
      `409 Conflict: Operation cannot be fulfilled on Secret "t": the UID in the bound object reference (${uid}-) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  });

  it.each([
    ['v1', 'ConfigMap', '/v1, Kind=ConfigMap'],
    ['apps/v1', 'Pod', 'apps/v1, Kind=Pod'],
    ['', 'Job', '/, Kind=Job'],
  ])('cannot be of %s %s', async (apiVersion, kind, shown) => {
    expect(await refusal({ boundObjectRef: { kind, apiVersion, name: 'x' } })).toBe(
      `400 BadRequest: cannot bind token to object of type ${shown}`,
    );
  });
});

describe('a token for a pod that admission has asked for', () => {
  const injected = (spec: object = {}) => ({
    spec: { expirationSeconds: 3607, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'injected' }, ...spec },
  });

  it('lives longer than it says, for this API alone', async () => {
    await create('/api/v1/namespaces/default/pods', pod('injected', { serviceAccountName: 'builder' }));
    const answer = await ask(injected());
    expect(answer.json()).toMatchObject({ spec: { expirationSeconds: 3607 } });
    await ask(injected({ audiences: ['second'] }));
    await ask(injected({ audiences: [api, 'vault'] }));
    await ask(injected({ expirationSeconds: 3608 }));
    await ask(injected({ boundObjectRef: null }));
    expect(grants.map(({ lifetimeSeconds, warnAfterSeconds }) => [lifetimeSeconds, warnAfterSeconds])).toEqual([
      [99_999, 3607],
      [99_999, 3607],
      [3607, undefined],
      [3608, undefined],
      [3607, undefined],
    ]);
  });
});
