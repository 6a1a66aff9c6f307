import type { AdmissionAttributes, ApiError, ObjectReader } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods, readerOf } from '../testing/attributes.js';
import { ServiceAccount } from './service-account.js';

type Account = core.v1.ServiceAccount;
type PodSpec = core.v1.PodSpec;

const account = (name: string, more: Partial<Account> = {}): Account => ({ metadata: { name, namespace: 'a' }, ...more });
const limited = (name: string, text: string, more: Partial<Account> = {}): Account => ({
  ...account(name, more),
  metadata: { name, namespace: 'a', annotations: { 'kubernetes.io/enforce-mountable-secrets': text } },
});
const accounts = [
  account('default'),
  account('quiet', { automountServiceAccountToken: false }),
  account('puller', { imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] }),
  limited('limited', 'true', { secrets: [{ name: 'own' }], imagePullSecrets: [{ name: 'registry' }] }),
  limited('unlimited', 'yes'),
];

const container = (name: string, more: object = {}): core.v1.Container => ({ name, image: 'i', resources: {}, ...more });

function pod(spec: Partial<PodSpec> = {}, metadata: core.v1.Pod['metadata'] = {}): core.v1.Pod {
  return { metadata: { name: 'web', namespace: 'a', ...metadata }, spec: { containers: [container('c')], ...spec }, status: {} };
}

async function refusal(act: () => Promise<void>): Promise<unknown> {
  const error = (await failureOf(act)) as ApiError | undefined;
  return error && [error.code, error.message];
}

async function admitted(object: core.v1.Pod, more: Partial<AdmissionAttributes> = {}, reader = readerOf(accounts)): Promise<PodSpec> {
  await new ServiceAccount(reader).admit(attributes(pods, 'CREATE', object, more));
  return object.spec;
}

const refused = (object: core.v1.Pod, reader?: ObjectReader<Account>) => refusal(async () => void (await admitted(object, {}, reader)));
const forbidden = (why: string) => [403, `pods "web" is forbidden: ${why}`];
const noToken = { automountServiceAccountToken: false };

describe('the account of a pod', () => {
  it('is the default one where it names none', async () => {
    expect(await admitted(pod(noToken))).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default' });
    expect(await admitted(pod({ ...noToken, serviceAccountName: 'quiet', serviceAccount: 'quiet' }))).toMatchObject({
      serviceAccountName: 'quiet',
      serviceAccount: 'quiet',
    });
  });

  it('must be there', async () => {
    expect(await refused(pod({ serviceAccountName: 'missing' }))).toEqual(
      forbidden('error looking up service account a/missing: serviceaccount "missing" not found'),
    );
  });

  it('is asked for once in the store where the cache has not heard of it', async () => {
    expect(await admitted(pod({ ...noToken, serviceAccountName: 'puller' }), {}, readerOf(accounts, []))).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }],
    });
  });

  it('is waited for a moment when it is the default one', async () => {
    let asked = 0;
    const late = (at: number): ObjectReader<Account> => ({
      ...readerOf<Account>([]),
      getLatest: async (_, name) => (++asked === at ? account(name) : undefined),
    });
    expect(await admitted(pod(noToken), {}, late(3))).toMatchObject({ serviceAccountName: 'default' });
    expect(asked).toBe(3);
    asked = 0;
    expect(await refused(pod(), late(11))).toEqual(
      forbidden('error looking up service account a/default: serviceaccount "default" not found'),
    );
    expect(asked).toBe(10);
  });

  it('is not waited for when nobody waits for the answer', async () => {
    const reason = new Error('gone');
    const failure = await failureOf(async () => {
      await admitted(pod(), { signal: AbortSignal.abort(reason) }, readerOf<Account>([]));
    });
    expect((failure as Error).cause).toBe(reason);
  });
});

describe('what a pod gets', () => {
  const mount = (name: string) => ({ name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' });

  it('is a token in every container', async () => {
    const spec = await admitted(pod({ initContainers: [container('i')] }));
    const [volume] = spec.volumes ?? [];
    expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(spec).toEqual({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      initContainers: [container('i', { volumeMounts: [mount(volume?.name ?? '')] })],
      containers: [container('c', { volumeMounts: [mount(volume?.name ?? '')] })],
      volumes: [
        {
          name: volume?.name,
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
    });
  });

  it('is no token where it mounts something else', async () => {
    const own = { name: 'own', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
    const other = { name: 'own', mountPath: '/data' };
    const volumes = [{ name: 'own', emptyDir: {} }];
    const alone = await admitted(pod({ volumes, containers: [container('c', { volumeMounts: [own] })] }));
    expect(alone).toMatchObject({ volumes, containers: [{ volumeMounts: [own] }] });
    const beside = [container('c', { volumeMounts: [own] }), container('d', { volumeMounts: [other] })];
    const spec = await admitted(pod({ volumes, containers: beside }));
    const added = spec.volumes?.[1]?.name ?? '';
    expect(spec.containers?.map(({ volumeMounts }) => volumeMounts)).toEqual([[own], [other, mount(added)]]);
  });

  it('is the volume that is there, when it has been through here before', async () => {
    const volumes = [{ name: 'kube-api-access-x', emptyDir: {} }];
    const spec = await admitted(pod({ volumes }));
    expect(spec).toMatchObject({ volumes, containers: [{ volumeMounts: [mount('kube-api-access-x')] }] });
  });

  it.each([
    [{}, 'default', true],
    [{}, 'quiet', false],
    [{ automountServiceAccountToken: true }, 'quiet', true],
    [{ automountServiceAccountToken: false }, 'default', false],
  ])('is a token or not as %j with account %s says', async (spec, serviceAccountName, expected) => {
    expect((await admitted(pod({ ...spec, serviceAccountName }))).volumes !== undefined).toBe(expected);
  });

  it('are the pull secrets of the account, unless it has some', async () => {
    expect((await admitted(pod({ serviceAccountName: 'puller' }))).imagePullSecrets).toEqual([{ name: 'registry' }, { name: 'mirror' }]);
    const given = { serviceAccountName: 'puller', imagePullSecrets: [{ name: 'mine' }] };
    expect((await admitted(pod(given))).imagePullSecrets).toEqual([{ name: 'mine' }]);
    expect(await admitted(pod())).not.toHaveProperty('imagePullSecrets');
  });
});

describe('an account that limits the secrets of its pods', () => {
  const volumes = [{ name: 'v', secret: { secretName: 'x' } }];
  const why = 'volume with secret.secretName="x" is not allowed because service account limited does not reference that secret';

  it('refuses others, before and after the rest of admission', async () => {
    expect(await refused(pod({ serviceAccountName: 'limited', volumes }))).toEqual(forbidden(why));
    const object = pod({ serviceAccountName: 'limited', volumes });
    expect(await refusal(() => new ServiceAccount(readerOf(accounts)).validate(attributes(pods, 'CREATE', object)))).toEqual(
      forbidden(why),
    );
    expect(await refused(pod({ serviceAccountName: 'unlimited', volumes }))).toBeUndefined();
    expect(await refused(pod({ serviceAccountName: 'limited', imagePullSecrets: [{ name: 'x' }] }))).toEqual(
      forbidden('imagePullSecrets[0].name="x" is not allowed because service account limited does not reference that imagePullSecret'),
    );
  });

  it('refuses them in ephemeral containers, too', async () => {
    const env = [{ name: 'E', valueFrom: { secretKeyRef: { name: 'x', key: 'k' } } }];
    const validate = (spec: Partial<PodSpec>, subresource = 'ephemeralcontainers') => {
      const object = pod({ ephemeralContainers: [container('e', { env })], ...spec });
      return refusal(() => new ServiceAccount(readerOf(accounts)).validate(attributes(pods, 'UPDATE', object, { subresource })));
    };
    expect(await validate({ serviceAccountName: 'limited' })).toEqual([
      500,
      'ephemeral container e with envVar E referencing secret.secretName="x" is not allowed because service account limited does not reference that secret',
    ]);
    expect(await validate({ serviceAccountName: 'unlimited' })).toBeUndefined();
    expect(await validate({ serviceAccountName: 'limited' }, '')).toBeUndefined();
    expect(await validate({ serviceAccountName: 'missing' })).toEqual(
      forbidden('error looking up service account a/missing: serviceaccount "missing" not found'),
    );
    expect(await validate({})).toEqual(forbidden('no service account specified for pod a/web'));
  });
});

describe('a mirror pod', () => {
  const mirror = (spec: Partial<PodSpec>) => pod(spec, { annotations: { 'kubernetes.io/config.mirror': 'x' } });
  const tokens = { sources: [{ serviceAccountToken: { path: 't' } }] };

  it('stays as it is', async () => {
    const object = mirror({});
    const before = structuredClone(object);
    await admitted(object);
    expect(object).toEqual(before);
  });

  it.each<[Partial<PodSpec>, string]>([
    [{ serviceAccountName: 'default' }, 'a mirror pod may not reference service accounts'],
    [{ volumes: [{ name: 'v', secret: { secretName: 'x' } }] }, 'a mirror pod may not reference secrets'],
    [{ volumes: [{ name: 'v', projected: tokens }] }, 'a mirror pod may not use ServiceAccountToken volume projections'],
  ])('has nothing of the API: %j', async (spec, why) => {
    expect(await refused(mirror(spec))).toEqual(forbidden(why));
    expect(await refusal(() => new ServiceAccount(readerOf(accounts)).validate(attributes(pods, 'CREATE', mirror(spec))))).toEqual(
      forbidden(why),
    );
  });
});

it('lets pods be that are there, and all subresources', async () => {
  const plugin = new ServiceAccount(readerOf<Account>([]));
  const object = pod();
  await plugin.admit(attributes(pods, 'UPDATE', object));
  await plugin.validate(attributes(pods, 'UPDATE', object));
  await plugin.admit(attributes(pods, 'CREATE', object, { subresource: 'eviction' }));
  expect(object).toEqual(pod());
  expect(plugin.handles('DELETE')).toBe(false);
});
