import type { KubeObject } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { defineResource } from '../resource.js';

type ConfigMap = core.v1.ConfigMap;

/** Texts that YAML would take for something else, or lay out in its own way. */
const texts = [
  '',
  'yes',
  'null',
  '~',
  '0x10',
  '1_000',
  '1:30',
  '2020-01-01',
  '1e3',
  ' a',
  'a: b',
  '# a',
  '- a',
  'a\n',
  '\n b\n\n',
  'ä\u2028',
  '<&>',
  '"',
];

const object: ConfigMap = {
  metadata: {
    name: 'a',
    namespace: 'b',
    generation: (2n ** 60n) as never,
    labels: { app: 'x' },
    creationTimestamp: '2020-01-01T00:00:00Z',
  },
  data: Object.fromEntries(texts.map((text, at) => [`k${at}`, text])),
  binaryData: { b: 'AAEC' },
};

function formOf(format: 'protobuf' | 'json' | 'yaml') {
  const resource = defineResource<ConfigMap>(core.v1.ConfigMap, {
    names: { plural: 'configmaps' },
    scope: 'Namespaced',
    storage: { key: 'configmaps' },
    selectableFields: { 'data.k1': ({ data = {} }) => data.k1 ?? '' },
  });
  resource.storeAs(format);
  return resource.form;
}

describe.each(['protobuf', 'json', 'yaml'] as const)('what is stored as %s', (format) => {
  const form = formOf(format);
  const value = form.encode({ ...object, metadata: { ...object.metadata, resourceVersion: '7' } } as KubeObject);

  it.each(['protobuf', 'json', 'yaml'] as const)('is read by a server that writes %s', (other) => {
    const reader = formOf(other);
    expect(reader.decode(value)).toEqual(object);
    expect(reader.decode(value, 'managedFields')).toEqual(object);
    expect(reader.indexer.labels(value)).toEqual({ app: 'x' });
    expect(reader.indexer.fields(value)).toEqual({ 'data.k1': 'yes' });
    expect(reader.isCurrent(value)).toBe(other === format);
  });
});

it('text has its type first in JSON, and its keys in order in YAML', () => {
  const small = { metadata: { name: 'a' }, data: { b: 'yes', a: '1' } } as unknown as KubeObject;
  expect(formOf('json').encode(small).toString()).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"a":"1","b":"yes"}}\n',
  );
  expect(formOf('yaml').encode(small).toString()).toBe(
    'apiVersion: v1\ndata:\n  a: "1"\n  b: "yes"\nkind: ConfigMap\nmetadata:\n  name: a\n',
  );
});

it('stored without defaults is labelled by them, and is not of now until it is stored with them', () => {
  const { form } = defineResource<ConfigMap>(core.v1.ConfigMap, {
    names: { plural: 'configmaps' },
    scope: 'Namespaced',
    storage: { key: 'configmaps', defaultedOnRead: true },
    defaults: ({ metadata }) => {
      metadata.labels ??= { from: 'defaults' };
    },
  });
  const bare = form.encode({ metadata: { name: 'a' } } as unknown as KubeObject);
  const whole = form.encode(form.decode(bare));
  expect(form.decode(bare).metadata.labels).toEqual({ from: 'defaults' });
  expect(form.indexer.labels(bare)).toEqual({ from: 'defaults' });
  expect(form.isCurrent(bare)).toBe(false);
  expect(form.isCurrent(whole)).toBe(true);
});
