import type { Selection } from '../../resource-store.js';
import type { ObjectIndexer, StoredObject } from '../../stored-object.js';

interface TestFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly note?: string;
}

/** An object small enough to read in a failing test: JSON with labels, a node and a note. */
export function pod(path: string, fields: TestFields = {}): { readonly path: string; readonly value: Buffer } {
  return { path, value: bytes(fields) };
}

export function bytes(fields: TestFields): Buffer {
  return Buffer.from(JSON.stringify(fields));
}

export function noteOf(object: StoredObject | undefined): string | undefined {
  return object && parse(object.value).note;
}

function parse(value: Buffer): TestFields {
  return JSON.parse(value.toString()) as TestFields;
}

export const testIndexer: ObjectIndexer = {
  labels: (value) => parse(value).labels ?? {},
  fields: (value) => ({ 'spec.nodeName': parse(value).node ?? '' }),
};

export function byLabel(name: string, value: string): Selection {
  return { matches: (object) => object.labels[name] === value, labels: { [name]: value } };
}

export function byNode(node: string): Selection {
  return { matches: (object) => object.fields['spec.nodeName'] === node, fields: { 'spec.nodeName': node } };
}

/** A selector that says nothing about exact values. */
export function notLabelled(name: string): Selection {
  return { matches: (object) => !(name in object.labels) };
}
