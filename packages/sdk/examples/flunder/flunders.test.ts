import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alone, serveAlone } from '../../src/testing/serve-alone.js';
import { flunders } from './flunders.js';

const V1 = '/apis/wardle.example.com/v1/namespaces/default/flunders';
const V1ALPHA1 = '/apis/wardle.example.com/v1alpha1/namespaces/default/flunders';

let alone: Alone;

beforeAll(async () => {
  alone = await serveAlone({ resources: [flunders] });
});
afterAll(() => alone.stop());

const flunder = (name: string, spec: object, version = 'v1') => ({
  apiVersion: `wardle.example.com/${version}`,
  kind: 'Flunder',
  metadata: { name },
  spec,
});

const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

describe('flunders', () => {
  it('are completed by the schema and by the hook', async () => {
    const created = await alone.client.post(V1, flunder('a', { reference: 'b' }));
    expect([created.code, created.json()]).toMatchObject([
      201,
      {
        metadata: { name: 'a', generation: 1, annotations: { 'wardle.example.com/author': 'alice' } },
        spec: { reference: 'b', referenceType: 'Flunder', size: 1 },
      },
    ]);
    const filled = await alone.client.post(V1, { ...flunder('bare', {}), spec: undefined });
    expect(filled.json()).toMatchObject({ spec: { referenceType: 'Flunder', size: 1 } });
  });

  it('are refused in the words of Kubernetes', async () => {
    const failure = async (spec: object) => (await alone.client.post(V1, flunder('x', spec))).failure;
    expect(await failure({ size: 11 })).toBe(
      '422 Invalid: Flunder.wardle.example.com "x" is invalid: spec.reference: Required value: for size > 10',
    );
    expect(await failure({ size: 101 })).toBe(
      '422 Invalid: Flunder.wardle.example.com "x" is invalid: spec.size: Invalid value: 101: spec.size in body should be less than or equal to 100',
    );
    expect(await failure({ size: 'large' })).toBe(
      '422 Invalid: Flunder.wardle.example.com "x" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    );
    expect(await failure({ reference: 'nothing' })).toBe(
      '403 Forbidden: flunders.wardle.example.com "x" is forbidden: nobody may refer to nothing',
    );
  });

  it('are the same objects in both versions', async () => {
    const old = await alone.client.post(V1ALPHA1, flunder('old', { fischerReference: 'f' }, 'v1alpha1'));
    expect([old.code, old.headers.warning, old.json()]).toMatchObject([
      201,
      '299 - "wardle.example.com/v1alpha1 Flunder is deprecated; use wardle.example.com/v1 Flunder"',
      { apiVersion: 'wardle.example.com/v1alpha1', spec: { fischerReference: 'f', size: 1 } },
    ]);
    expect((await alone.client.get(`${V1}/old`)).json()).toMatchObject({
      apiVersion: 'wardle.example.com/v1',
      spec: { reference: 'f', referenceType: 'Fischer', size: 1 },
    });
    await alone.client.patch(`${V1}/old`, 'merge-patch+json', { spec: { referenceType: 'Flunder', size: 5 } });
    expect((await alone.client.get(`${V1ALPHA1}/old`)).json()).toMatchObject({ spec: { flunderReference: 'f', size: 5 } });
    expect((await alone.client.post(V1ALPHA1, flunder('x', { size: -1 }, 'v1alpha1'))).failure).toBe(
      '422 Invalid: Flunder.wardle.example.com "x" is invalid: spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 0',
    );
  });

  it('are owned field by field, across versions', async () => {
    const apply = (path: string, manager: string, body: object) =>
      alone.client.patch(`${path}?fieldManager=${manager}`, 'apply-patch+yaml', body);
    expect((await apply(`${V1}/shared`, 'one', flunder('shared', { reference: 'r', size: 3 }))).code).toBe(201);
    expect((await apply(`${V1}/shared`, 'two', flunder('shared', { size: 4 }))).failure).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "one": .spec.size',
    );
    expect((await apply(`${V1ALPHA1}/shared`, 'two', flunder('shared', { size: 4 }, 'v1alpha1'))).failure).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "one": .spec.size',
    );
  });

  it('have a status and a scale of their own', async () => {
    await alone.client.post(V1, { ...flunder('s', { size: 2 }), status: { ready: true } });
    expect((await alone.client.get(`${V1}/s`)).json()).not.toHaveProperty('status');
    const told = await alone.client.patch(`${V1}/s/status`, 'merge-patch+json', {
      spec: { size: 9 },
      status: { ready: true, replicas: 2 },
    });
    expect(told.json()).toMatchObject({ metadata: { generation: 1 }, spec: { size: 2 }, status: { ready: true, replicas: 2 } });
    const scaled = await alone.client.patch(`${V1}/s/scale`, 'merge-patch+json', { spec: { replicas: 7 } });
    expect(scaled.json()).toMatchObject({ kind: 'Scale', spec: { replicas: 7 }, status: { replicas: 2 } });
    expect((await alone.client.get(`${V1}/s`)).json()).toMatchObject({ metadata: { generation: 2 }, spec: { size: 7 } });
  });

  it('are printed, selected and watched', async () => {
    const printed = (await alone.client.get(`${V1}?fieldSelector=spec.reference=b`, table)).json<Table>();
    expect([printed.columnDefinitions.map(({ name }) => name), printed.rows.map(({ cells }) => cells.slice(0, 4))]).toEqual([
      ['Name', 'Reference', 'Size', 'Ready', 'Age'],
      [['a', 'Flunder/b', 1, false]],
    ]);
    const watch = await alone.client.watch(`${V1}?watch=true&fieldSelector=metadata.name=w`);
    await alone.client.post(V1, flunder('w', {}));
    await alone.client.delete(`${V1}/w`);
    expect(await watch.take(2)).toEqual(['ADDED w', 'DELETED w']);
    watch.abort();
  });

  it('are explained', async () => {
    const document = (await alone.client.get('/openapi/v3/apis/wardle.example.com/v1')).json<OpenApi>();
    expect(document.components.schemas['com.example.wardle.v1.Flunder']).toMatchObject({
      description: 'A flunder refers to another flunder, or to a fischer, and is of some size.',
      properties: { spec: { properties: { size: { description: 'How large it is.', default: 1, maximum: 100 } } } },
      'x-kubernetes-group-version-kind': [{ group: 'wardle.example.com', kind: 'Flunder', version: 'v1' }],
    });
    const { resources } = (await alone.client.get('/apis/wardle.example.com/v1')).json<ResourceList>();
    expect(resources.map(({ name, shortNames }) => [name, shortNames])).toEqual([
      ['flunders', ['fl']],
      ['flunders/scale', undefined],
      ['flunders/status', undefined],
    ]);
  });
});

interface Table {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly shortNames?: readonly string[] }[];
}
