import type { KubeObject } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { StoredObject } from '@keelson/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Age } from '../resource/age.js';
import { col, nameColumn } from '../resource/columns.js';
import { defineResource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Table } from '../testing/table.js';
import type { ObjectForm } from './object-form.js';
import { includedObject, tableForm } from './table-form.js';

const bornMs = Date.parse('2025-01-01T00:00:00Z');

const resource = defineResource(core.v1.ConfigMap, {
  names: { plural: 'configmaps' },
  scope: 'Namespaced',
  storage: { key: 'configmaps' },
  columns: [
    nameColumn(),
    col('Upper', ({ data }) => (data as { k: string }).k.toUpperCase()),
    col('Age', () => new Age(bornMs), { priority: 1 }),
  ],
  rowConditions: ({ metadata }) => (metadata.name === 'done' ? [{ type: 'Completed', status: 'True' }] : []),
});
const version = resource.byApiVersion('v1') as ResourceVersion;

function stored(object: KubeObject, revision = 7): StoredObject {
  const { form } = resource;
  return new StoredObject(`a/${object.metadata.name}`, form.encode(object), revision, form.indexer);
}

const one = stored({ metadata: { name: 'one' }, data: { k: 'v' } } as KubeObject);

function read(buffer: Buffer): Table {
  return JSON.parse(buffer.toString()) as Table;
}

beforeEach(() => {
  vi.useFakeTimers({ now: bornMs + 20 * 60_000 + 500, toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a table', () => {
  it('has a row for each object', () => {
    const form = tableForm(version, 'v1', 'None');
    const { head, separator, tail } = form.list({ resourceVersion: '9' }, 2, 0);
    const text = Buffer.concat([head, form.item(one), separator as Buffer, form.item(one), tail as Buffer]);
    expect(read(text)).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '9' },
      columnDefinitions: [{ name: 'Name' }, { name: 'Upper' }, { name: 'Age', priority: 1 }],
      rows: [
        { cells: ['one', 'V', '20m'], object: null },
        { cells: ['one', 'V', '20m'], object: null },
      ],
    });
  });

  it('shows null where a cell cannot be made, and everything else', () => {
    const odd = stored({ metadata: { name: 'odd' } });
    expect(read(tableForm(version, 'v1', 'None').document(odd)).rows[0]?.cells).toEqual(['odd', null, '20m']);
  });

  it('tells conditions of rows that have any', () => {
    const form = tableForm(version, 'v1', 'None');
    const done = stored({ metadata: { name: 'done' }, data: { k: 'v' } } as KubeObject);
    expect(read(form.document(done)).rows[0]).toMatchObject({ conditions: [{ type: 'Completed', status: 'True' }] });
    expect(read(form.document(one)).rows[0]).not.toHaveProperty('conditions');
  });

  it('shows ages as they are when it is read', () => {
    const form = tableForm(version, 'v1', 'None');
    expect(form.item(one).toString()).toBe('{"cells":["one","V","20m"],"object":null}');
    vi.setSystemTime(bornMs + 21 * 60_000);
    expect(form.item(one).toString()).toBe('{"cells":["one","V","21m"],"object":null}');
  });

  it('of a watch tells its columns first, and shares its frames from then on', () => {
    const shared = tableForm(version, 'v1', 'Metadata');
    const form = shared.ofOneWatch?.() as ObjectForm;
    expect(form.frameKeys).toBeUndefined();
    const first = JSON.parse(form.frame('ADDED', one).toString()) as { type: string; object: Table };
    expect([first.type, first.object.columnDefinitions?.length]).toEqual(['ADDED', 3]);
    expect(form.frameKeys?.plain).toBe('v1/table/v1/Metadata');
    const second = JSON.parse(form.frame('DELETED', one).toString()) as { type: string; object: Table };
    expect([second.type, second.object.columnDefinitions]).toEqual(['DELETED', null]);
    expect(shared.ofOneWatch?.().frameKeys).toBeUndefined();
  });
});

describe('includedObject', () => {
  it('is Metadata when nothing is said', () => {
    expect(['', 'Metadata', 'None', 'Object'].map(includedObject)).toEqual(['Metadata', 'Metadata', 'None', 'Object']);
  });

  it('is nothing else', () => {
    expect(() => includedObject('none')).toThrow(
      "Unable to convert to Table as requested: includeObject: Invalid value: \"none\": must be 'Metadata', 'Object', 'None', or empty",
    );
  });
});
