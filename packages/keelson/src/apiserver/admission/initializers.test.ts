import type { Json, KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApiServer, type Told } from '../testing/test-api-server.js';

let server: TestApiServer;
const maps = '/api/v1/namespaces/default/configmaps';
const configurations = '/apis/admissionregistration.k8s.io/v1alpha1/initializerconfigurations';
const shown = 'includeUninitialized=true';

beforeAll(async () => {
  server = await TestApiServer.start(
    ['--enable-admission-plugins=Initializers', '--runtime-config=admissionregistration.k8s.io/v1alpha1=true'],
    { 'tokens.csv': 'admin,admin,admin-uid,system:masters\nbob,bob,bob-uid\n' },
  );
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
  const initializers = ['one.example.com', 'two.example.com'].map((name) => ({ name, rules }));
  expect((await send('POST', configurations, { metadata: { name: 'maps' }, initializers })).code).toBe(201);
});
afterAll(() => server.stop());

const send = (method: string, path: string, body?: object, user = 'admin'): Promise<Told> =>
  server.ask(path, { method, headers: { authorization: `Bearer ${user}` }, ...(body && { body: body as Json }) });
const failure = ({ code, body }: Told) => `${code} ${(body as unknown as Status).reason ?? ''}: ${(body as unknown as Status).message}`;
const object = ({ body }: Told) => body as unknown as KubeObject;
const map = (name: string, metadata: object = {}) => ({ metadata: { name, ...metadata }, data: { a: 'b' } });
const pending = (...names: string[]) => ({ pending: names.map((name) => ({ name })) });

/** Changes the initializers of a map. */
async function write(name: string, initializers: object | undefined, user = 'admin'): Promise<Told> {
  const current = object(await send('GET', `${maps}/${name}?${shown}`));
  const { initializers: _before, ...metadata } = current.metadata;
  return send('PUT', `${maps}/${name}`, { ...current, metadata: { ...metadata, ...(initializers && { initializers }) } }, user);
}

const names = async (query: string) =>
  ((await send('GET', `${maps}?${query}`)).body as unknown as { items: KubeObject[] }).items.map(({ metadata }) => metadata.name);

/** Whoever made an object sees that it has begun to wait. */
async function appears(name: string): Promise<void> {
  for (;;) if ((await send('GET', `${maps}/${name}?${shown}`)).code === 200) return;
}

describe('an object that waits for initializers', () => {
  it('is hidden from readers until the last one is through with it', async () => {
    const made = send('POST', maps, map('waiting'));
    await appears('waiting');
    expect(object(await send('GET', `${maps}/waiting?${shown}`)).metadata.initializers).toEqual(
      pending('one.example.com', 'two.example.com'),
    );
    expect(failure(await send('GET', `${maps}/waiting`))).toBe('404 NotFound: configmaps "waiting" not found');
    expect(await names('')).not.toContain('waiting');
    expect(await names(shown)).toContain('waiting');
    expect((await write('waiting', pending('two.example.com'))).code).toBe(200);
    expect((await send('GET', `${maps}/waiting`)).code).toBe(404);
    expect((await write('waiting', undefined)).code).toBe(200);
    const answer = await made;
    expect([answer.code, object(answer).metadata.initializers]).toEqual([201, undefined]);
    expect((await send('GET', `${maps}/waiting`)).code).toBe(200);
    expect(await names('labelSelector=')).toContain('waiting');
  });

  it('appears to watchers when it is initialized', async () => {
    const { metadata } = (await send('GET', maps)).body as unknown as { metadata: { resourceVersion: string } };
    const query = `watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=2`;
    const watch = (more: string) => server.watch(`${maps}?${query}${more}`, { headers: { authorization: 'Bearer admin' } });
    const watched = [watch(''), watch(`&${shown}`)];
    const made = send('POST', maps, map('watched'));
    await appears('watched');
    await write('watched', pending('two.example.com'));
    await write('watched', pending());
    await made;
    const events = (await Promise.all(watched)).map((seen) => seen.map(({ type }) => type));
    expect(events).toEqual([['ADDED'], ['ADDED', 'MODIFIED', 'MODIFIED']]);
  });

  it('is answered at once to whoever may see it', async () => {
    const answer = await send('POST', `${maps}?${shown}`, map('accepted'));
    expect([answer.code, object(answer).metadata.initializers]).toEqual([202, pending('one.example.com', 'two.example.com')]);
    expect((await send('DELETE', `${maps}/accepted`)).code).toBe(200);
  });

  it('is never there when one of them gives it up', async () => {
    const made = send('POST', maps, map('refused', { finalizers: ['example.com/hold'] }));
    await appears('refused');
    const result = { status: 'Failure', message: 'no room', reason: 'Forbidden', code: 403 };
    expect((await write('refused', { ...pending('one.example.com', 'two.example.com'), result })).code).toBe(200);
    expect(failure(await made)).toBe('403 Forbidden: no room');
    expect((await send('GET', `${maps}/refused?${shown}`)).code).toBe(404);
  });

  it('may be deleted, which ends the wait', async () => {
    const made = send('POST', maps, map('deleted'));
    await appears('deleted');
    await send('DELETE', `${maps}/deleted`);
    expect(failure(await made)).toBe('500 InternalError: Internal error occurred: object deleted while waiting for creation');
  });

  it('is not waited for on a dry run', async () => {
    expect((await send('POST', `${maps}?dryRun=All`, map('dry'))).code).toBe(202);
  });

  it('lets only the first one act', async () => {
    await send('POST', `${maps}?${shown}`, map('turns'));
    const first = 'ConfigMap "turns" is invalid: metadata.initializers.pending: Invalid value';
    const only = 'only the first initializer, "one.example.com", may be removed';
    expect(failure(await write('turns', pending('one.example.com')))).toBe(`422 Invalid: ${first}: ["one.example.com"]: ${only}`);
    expect(failure(await write('turns', undefined))).toBe(`422 Invalid: ${first}: []: ${only}`);
    const three = ['one.example.com', 'two.example.com', 'three.example.com'];
    expect(failure(await write('turns', pending(...three)))).toBe(`422 Invalid: ${first}: ${JSON.stringify(three)}: ${only}`);
    expect((await write('turns', pending('two.example.com'))).code).toBe(200);
    expect((await write('turns', pending())).code).toBe(200);
    expect(failure(await write('turns', pending('two.example.com')))).toBe(
      '422 Invalid: ConfigMap "turns" is invalid: metadata.initializers: Invalid value: null: field is immutable once initialization has completed',
    );
  });
});

describe('who may initialize', () => {
  beforeAll(async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'update', 'get'] }];
    await send('POST', `${rbac}/roles`, { metadata: { name: 'writer' }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'writer' };
    await send('POST', `${rbac}/rolebindings`, { metadata: { name: 'writer' }, roleRef, subjects: [{ kind: 'User', name: 'bob' }] });
  });

  it('needs the right to', async () => {
    expect(failure(await send('POST', maps, map('own', { initializers: pending() }), 'bob'))).toMatch(
      /^403 Forbidden: configmaps "own" is forbidden: create with initializers denied: /,
    );
    await send('POST', `${maps}?${shown}`, map('strange'));
    expect(failure(await write('strange', pending('two.example.com'), 'bob'))).toMatch(
      /^403 Forbidden: configmaps "strange" is forbidden: update to uninitialized resource denied: /,
    );
  });

  it('may choose the initializers, or leave them out', async () => {
    const none = await send('POST', maps, map('none', { initializers: pending() }));
    expect([none.code, object(none).metadata.initializers]).toEqual([201, undefined]);
    const own = await send('POST', `${maps}?${shown}`, map('chosen', { initializers: pending('my.own.com') }));
    expect([own.code, object(own).metadata.initializers]).toEqual([202, pending('my.own.com')]);
    expect(failure(await send('POST', maps, map('odd', { initializers: pending('mine') })))).toBe(
      '422 Invalid: ConfigMap "odd" is invalid: metadata.initializers.pending[0].name: Invalid value: "mine": should be a domain with at least three segments separated by dots',
    );
  });
});

it('checks configurations', async () => {
  const initializers = [{ name: 'a.b', rules: [{ apiGroups: ['*', 'apps'], apiVersions: [], resources: ['pods/status'] }] }];
  expect(failure(await send('POST', configurations, { metadata: { name: 'x' }, initializers }))).toBe(
    '422 Invalid: InitializerConfiguration.admissionregistration.k8s.io "x" is invalid: ' +
      '[initializers[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots, ' +
      `initializers[0].rules[0].apiGroups: Invalid value: ["*","apps"]: if '*' is present, must not specify other API groups, ` +
      'initializers[0].rules[0].apiVersions: Required value, ' +
      'initializers[0].rules[0].resources[0]: Invalid value: "pods/status": must not specify subresources]',
  );
});
