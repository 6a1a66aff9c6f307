import { describe, expect, it } from 'vitest';
import { dns1123Subdomain } from '../meta/name-forms.js';
import type { ObjectMeta } from '../meta/object.js';
import { type ObjectMetaRules, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.js';

const namespaced: ObjectMetaRules = { namespaced: true, nameForm: dns1123Subdomain, standardFinalizers: true };
const good: ObjectMeta = { name: 'web', namespace: 'default' };
const check = (metadata: ObjectMeta, rules = namespaced) => validateObjectMeta(metadata, rules).map(String);
const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('a new object', () => {
  it('passes when right', () => {
    expect(check(good)).toEqual([]);
    expect(check({ ...good, generateName: 'web-', finalizers: ['orphan', 'example.com/x'], annotations: { 'Example.com/A': '' } })).toEqual(
      [],
    );
    expect(check({ name: 'web' }, { ...namespaced, namespaced: false })).toEqual([]);
  });

  it('needs a name', () => {
    expect(check({ namespace: 'default' })).toEqual(['metadata.name: Required value: name or generateName is required']);
    expect(check({ ...good, name: 'a_b' })[0]).toMatch(/^metadata\.name: Invalid value: "a_b": a lowercase RFC 1123 subdomain must/);
    expect(check({ ...good, generateName: 'A' })[0]).toMatch(/^metadata\.generateName: Invalid value: "A": a lowercase RFC 1123/);
  });

  it('has a namespace exactly when its kind does', () => {
    expect(check({ name: 'web' })).toEqual(['metadata.namespace: Required value']);
    expect(check({ ...good, namespace: 'A' })[0]).toMatch(/^metadata\.namespace: Invalid value: "A": a lowercase RFC 1123 label/);
    expect(check(good, { ...namespaced, namespaced: false })).toEqual(['metadata.namespace: Forbidden: not allowed on this type']);
  });

  it('has proper labels and annotations', () => {
    expect(check({ ...good, labels: { '-bad-': 'ok' } })).toEqual([`metadata.labels: Invalid value: "-bad-": ${namePart}`]);
    expect(check({ ...good, labels: { ok: 'a/b' } })[0]).toMatch(/^metadata\.labels: Invalid value: "a\/b": a valid label must/);
    expect(check({ ...good, annotations: { 'bad key': 'v' } })).toEqual([`metadata.annotations: Invalid value: "bad key": ${namePart}`]);
    expect(check({ ...good, annotations: { a: 'x'.repeat(262143) } })).toEqual([]);
    expect(check({ ...good, annotations: { a: 'x'.repeat(262144) } })).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ]);
  });

  it('counts generations upwards', () => {
    expect(check({ ...good, generation: -1 })).toEqual(['metadata.generation: Invalid value: -1: must be greater than or equal to 0']);
  });

  it('has complete owners, one of them in control', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
    expect(check({ ...good, ownerReferences: [owner] })).toEqual([]);
    expect(check({ ...good, ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] })).toEqual([
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences.name: Invalid value: "": must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ]);
    expect(check({ ...good, ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'u' }] })).toEqual([
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
    ]);
    expect(check({ ...good, ownerReferences: [owner, { ...owner, name: 'b' }] })[0]).toMatch(
      /: Only one reference can have Controller set to true\. Found "true" in references for ReplicaSet\/web and ReplicaSet\/b$/,
    );
  });

  it('has known finalizers', () => {
    expect(check({ ...good, finalizers: ['nope'] })).toEqual([
      'metadata.finalizers[0]: Invalid value: "nope": name is neither a standard finalizer name nor is it fully qualified',
    ]);
    expect(check({ ...good, finalizers: ['nope'] }, { namespaced: true, nameForm: dns1123Subdomain })).toEqual([]);
    expect(check({ ...good, finalizers: ['orphan', 'foregroundDeletion'] })).toEqual([
      'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    ]);
  });

  it('has proper managed fields', () => {
    expect(check({ ...good, managedFields: [{ operation: 'Apply', fieldsType: 'FieldsV1', manager: 'm' }] })).toEqual([]);
    expect(check({ ...good, managedFields: [{ operation: 'x', fieldsType: 'y', manager: 'é\tb', subresource: 's'.repeat(257) }] })).toEqual(
      [
        'metadata.managedFields[0].operation: Invalid value: "x": must be `Apply` or `Update`',
        'metadata.managedFields[0].fieldsType: Invalid value: "y": must be `FieldsV1`',
        'metadata.managedFields[0].manager: Invalid value: "é\\tb": invalid character U+0009 (at position 2)',
        'metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes',
      ],
    );
  });
});

describe('an update', () => {
  const old: ObjectMeta = { ...good, uid: 'u', resourceVersion: '7', generation: 2, creationTimestamp: '2024-01-01T00:00:00Z' };
  const update = (changes: object, before: ObjectMeta = old) => validateObjectMetaUpdate({ ...before, ...changes }, before).map(String);

  it('passes when right', () => {
    expect(update({ labels: { a: 'b' }, generation: 3, resourceVersion: '6' })).toEqual([]);
  });

  it('keeps what is immutable', () => {
    expect(update({ name: 'x', namespace: 'y', uid: undefined, creationTimestamp: null })).toEqual([
      'metadata.name: Invalid value: "x": field is immutable',
      'metadata.namespace: Invalid value: "y": field is immutable',
      'metadata.uid: Invalid value: "": field is immutable',
      'metadata.creationTimestamp: Invalid value: null: field is immutable',
    ]);
    expect(update({ deletionTimestamp: '2024-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 })).toEqual([
      'metadata.deletionTimestamp: Invalid value: "2024-01-01T00:00:00Z": field is immutable',
      'metadata.deletionGracePeriodSeconds: Invalid value: 0: field is immutable',
    ]);
  });

  it('needs a version and does not go back', () => {
    expect(update({ resourceVersion: '', generation: 1 })).toEqual([
      'metadata.resourceVersion: Invalid value: "": must be specified for an update',
      'metadata.generation: Invalid value: 1: must not be decremented',
    ]);
  });

  it('only removes finalizers from what is being deleted', () => {
    const dying = { ...old, deletionTimestamp: '2024-01-01T00:00:00Z', finalizers: ['a/b'] };
    expect(update({ finalizers: [] }, dying)).toEqual([]);
    expect(update({ finalizers: ['a/b', 'z/z', 'c/d'] }, dying)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"c/d", "z/z"}',
    ]);
  });
});
