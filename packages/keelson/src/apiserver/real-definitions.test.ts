import type { Json, KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realDefinitions } from './testing/real-definitions.js';
import { TestApiServer, type Told } from './testing/test-api-server.js';

let server: TestApiServer;

beforeAll(async () => {
  server = await TestApiServer.start([]);
});
afterAll(() => server.stop());

const send = (method: string, path: string, body: object, type = 'application/json'): Promise<Told> =>
  server.ask(path, { method, headers: { authorization: 'Bearer admin', 'content-type': type }, body: body as Json });

describe.each(realDefinitions)('definitions as of $kind', ({ group, plural, kind, version, schema, valid, invalid }) => {
  const path = `/apis/${group}/${version}/namespaces/default/${plural}`;
  const of = (name: string, spec: object) => ({ apiVersion: `${group}/${version}`, kind, metadata: { name }, spec });
  const message = ({ body }: Told) => (body as unknown as Status).message;

  it('are taken and served', async () => {
    const versions = [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources: { status: {} } }];
    const spec = { group, scope: 'Namespaced', names: { plural, kind }, versions };
    const made = await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${plural}.${group}` },
      spec,
    });
    expect(message(made)).toBeUndefined();
    let created = await send('POST', `${path}?fieldValidation=Strict`, of('good', valid));
    while (created.code === 404) created = await send('POST', `${path}?fieldValidation=Strict`, of('good', valid));
    expect(created.code).toBe(201);
    expect((created.body as unknown as KubeObject & { spec: object }).spec).toMatchObject(valid);
    const apply = await send('PATCH', `${path}/good?fieldManager=other&force=true`, of('good', valid), 'application/apply-patch+yaml');
    expect(apply.code).toBe(200);
  });

  it.each(invalid)('refuse %j', async (spec, expected) => {
    expect(message(await send('POST', path, of('bad', spec)))).toBe(`${kind}.${group} "bad" is invalid: ${expected}`);
  });
});
