import type { Change } from '../change.js';
import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { negative, notLabelValue, notPrefixedName, notQualifiedName, notSubdomain } from './format-messages.js';

const maxAnnotationBytes = 256 * 1024;

const labels: readonly Rule[] = [
  fieldRule(
    'the key of a label is a qualified name',
    'metadata.labels',
    { 'a.b/C_1': '' },
    { '-': '' },
    `Invalid value: "-": ${notQualifiedName}`,
  ),
  fieldRule(
    'the key of a label has a name',
    'metadata.labels',
    { 'a/b': '' },
    { 'a/': '' },
    'Invalid value: "a/": name part must be non-empty',
    `Invalid value: "a/": ${notQualifiedName}`,
  ),
  fieldRule(
    'the key of a label has a short name',
    'metadata.labels',
    { [`a/${'b'.repeat(63)}`]: '' },
    { [`a/${'b'.repeat(64)}`]: '' },
    `Invalid value: "a/${'b'.repeat(64)}": name part must be no more than 63 characters`,
  ),
  fieldRule(
    'the prefix of a label is there if there is a slash',
    'metadata.labels',
    { a: '' },
    { '/a': '' },
    'Invalid value: "/a": prefix part must be non-empty',
  ),
  fieldRule(
    'the prefix of a label is a subdomain',
    'metadata.labels',
    { 'a.b/c': '' },
    { 'A/c': '' },
    `Invalid value: "A/c": prefix part ${notSubdomain}`,
  ),
  fieldRule(
    'the key of a label has one slash',
    'metadata.labels',
    { 'a/b': '' },
    { 'a/b/c': '' },
    `Invalid value: "a/b/c": ${notPrefixedName}`,
  ),
  fieldRule('the value of a label is of its form', 'metadata.labels', { a: 'B_c.1' }, { a: '-' }, `Invalid value: "-": ${notLabelValue}`),
  fieldRule(
    'the value of a label is short',
    'metadata.labels',
    { a: 'b'.repeat(63) },
    { a: 'b'.repeat(64) },
    `Invalid value: "${'b'.repeat(64)}": must be no more than 63 characters`,
  ),
];

const annotations: readonly Rule[] = [
  fieldRule(
    'the key of an annotation is a qualified name',
    'metadata.annotations',
    { 'A.b/C_1': ' ' },
    { '-A': '' },
    `Invalid value: "-A": ${notQualifiedName}`,
  ),
  fieldRule(
    'annotations are not too large',
    'metadata.annotations',
    { a: 'b'.repeat(maxAnnotationBytes - 1) },
    { a: 'b'.repeat(maxAnnotationBytes) },
    `Too long: may not be more than ${maxAnnotationBytes} bytes`,
  ),
];

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' };
const owners = 'metadata.ownerReferences';
const shown = (name: string) => `{"apiVersion":"v1","kind":"Pod","name":"${name}","uid":"b","controller":true}`;

const owned = (rule: string, accepted: object, refused: object, ...errors: string[]): Rule => ({
  rule,
  accepted: { [owners]: [{ ...owner, ...accepted }] },
  refused: { [owners]: [{ ...owner, ...refused }] },
  errors: errors.map((error) => `${owners}${error}`),
});

const ownerRules: readonly Rule[] = [
  owned('an owner has a version', { apiVersion: 'a/b' }, { apiVersion: '' }, '.apiVersion: Invalid value: "": version must not be empty'),
  owned('an owner has a kind', { kind: 'a' }, { kind: '' }, '.kind: Invalid value: "": must not be empty'),
  owned('an owner has a name', { name: 'A' }, { name: '' }, '.name: Invalid value: "": must not be empty'),
  owned('an owner has a uid', { uid: 'a' }, { uid: '' }, '.uid: Invalid value: "": must not be empty'),
  owned(
    'an event owns nothing',
    { apiVersion: 'a/v1', kind: 'Event' },
    { kind: 'Event' },
    ': Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"b"}: /v1, Kind=Event is disallowed from being an owner',
  ),
  {
    rule: 'one owner controls',
    accepted: { [owners]: [{ ...owner, controller: true }, owner] },
    refused: {
      [owners]: [
        { ...owner, controller: true },
        { ...owner, name: 'c', controller: true },
      ],
    },
    errors: [
      `${owners}: Invalid value: [${shown('a')},${shown('c')}]: Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/c`,
    ],
  },
];

const finalizers: readonly Rule[] = [
  {
    rule: 'a finalizer is a qualified name',
    accepted: { 'metadata.finalizers': ['a.b/C'] },
    refused: { 'metadata.finalizers': ['a/-'] },
    errors: ['', '[0]'].map((index) => `metadata.finalizers${index}: Invalid value: "a/-": ${notQualifiedName}`),
  },
  {
    rule: 'a finalizer without a prefix is a standard one',
    accepted: { 'metadata.finalizers': ['foregroundDeletion'] },
    refused: { 'metadata.finalizers': ['a'] },
    errors: ['metadata.finalizers[0]: Invalid value: "a": name is neither a standard finalizer name nor is it fully qualified'],
  },
  fieldRule(
    'dependents are orphaned or deleted',
    'metadata.finalizers',
    ['orphan'],
    ['orphan', 'foregroundDeletion'],
    'Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
  ),
];

/** Changed objects are looked at by the rules of every kind, by those of their own, and by these as if they were new. */
const repeated = (times: number, error: string): string[] => Array.from({ length: times }, () => error);

const entry = {
  manager: 'a',
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
};
const managed = 'metadata.managedFields';

const managing = (rule: string, accepted: object, refused: object, error: string): Rule => ({
  rule,
  on: 'update',
  before: { 'metadata.labels': { a: 'b' } },
  accepted: { [managed]: [{ ...entry, ...accepted }] },
  refused: { [managed]: [{ ...entry, ...refused }] },
  errors: repeated(4, `${managed}[0]${error}`),
});

const managers: readonly Rule[] = [
  managing(
    'the name of a manager is short',
    { manager: 'a'.repeat(128) },
    { manager: 'a'.repeat(129) },
    '.manager: Too long: may not be more than 128 bytes',
  ),
  managing(
    'the name of a manager is printable',
    { manager: 'ä b' },
    { manager: 'a\n' },
    '.manager: Invalid value: "a\\n": invalid character U+000A (at position 1)',
  ),
  managing(
    'the name of a managed subresource is short',
    { subresource: 'a'.repeat(256) },
    { subresource: 'a'.repeat(257) },
    '.subresource: Too long: may not be more than 256 bytes',
  ),
];

const changing = (rule: string, accepted: Change, refused: Change, ...errors: string[]): Rule => ({
  rule,
  on: 'update',
  accepted,
  refused,
  errors,
});

const changes: readonly Rule[] = [
  changing(
    'labels of a changed object are of their form',
    { 'metadata.labels': { a: 'b' } },
    { 'metadata.labels': { a: '-' } },
    ...repeated(4, `metadata.labels: Invalid value: "-": ${notLabelValue}`),
  ),
  changing(
    'annotations of a changed object are of their form',
    { 'metadata.annotations': { a: '-' } },
    { 'metadata.annotations': { '-': 'a' } },
    ...repeated(4, `metadata.annotations: Invalid value: "-": ${notQualifiedName}`),
  ),
  changing(
    'owners of a changed object have names',
    { [owners]: [owner] },
    { [owners]: [{ ...owner, name: '' }] },
    ...repeated(4, `${owners}.name: Invalid value: "": must not be empty`),
  ),
  {
    rule: 'what is being deleted gets no more finalizers',
    on: 'update',
    before: { 'metadata.finalizers': ['a/b', 'a/c'] },
    deleting: true,
    accepted: { 'metadata.finalizers': ['a/c'] },
    refused: { 'metadata.finalizers': ['a/b', 'a/c', 'a/d'] },
    errors: repeated(
      2,
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/d"}',
    ),
  },
  {
    rule: 'the time that a deletion may take stays',
    on: 'update',
    before: { 'metadata.finalizers': ['a/b'] },
    deleting: true,
    accepted: { 'metadata.deletionGracePeriodSeconds': undefined },
    refused: { 'metadata.deletionGracePeriodSeconds': 5 },
    errors: repeated(2, 'metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable'),
  },
];

/** What the metadata of every kind is like, told of one. */
const metadata: RulesOfKind = {
  collection: '/api/v1/namespaces/default/configmaps',
  kind: 'ConfigMap',
  example: {},
  rules: [
    ...labels,
    ...annotations,
    ...ownerRules,
    ...finalizers,
    ...managers,
    ...changes,
    fieldRule('a generation is not negative', 'metadata.generation', 1, -1, `Invalid value: -1: ${negative}`),
  ],
};

const lease: RulesOfKind = {
  collection: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  // This is said of the resource.
  kind: 'leases.coordination.k8s.io',
  example: { spec: {} },
  rules: [
    changing(
      'what is changed is told by its version',
      { 'metadata.labels': { a: 'b' } },
      { 'metadata.resourceVersion': undefined },
      'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    ),
  ],
};

/** What metadata is like, told of kinds that differ in it. */
export const metadataRules: readonly RulesOfKind[] = [metadata, lease];
