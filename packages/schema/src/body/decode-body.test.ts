import { ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { apiextensions, apps, authorization, core, policy } from '../index.js';
import { envelopePrefix, wrap } from '../wire/envelope.js';
import { type BodyFormat, decodeBody, type FieldValidation } from './decode-body.js';

function decode(body: string | Buffer, validation: FieldValidation = 'Warn', format: BodyFormat = 'json') {
  return decodeBody(core.v1.ConfigMap, Buffer.from(body), format, validation);
}

function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('decodeBody', () => {
  it('takes apiVersion and kind as given by the resource when the body has none', () => {
    expect(decode('{"metadata":{"name":"a"},"data":{"k":"v"}}')).toEqual({
      object: { metadata: { name: 'a' }, data: { k: 'v' } },
      warnings: [],
    });
  });

  it('reports unknown and duplicate fields in the order of the text', () => {
    const body = '{"nope":1,"metadata":{"name":"a","name":"b","also":{}},"data":{"k":"1","k":"2"},"nope":2}';
    const problems = [
      'unknown field "nope"',
      'duplicate field "metadata.name"',
      'unknown field "metadata.also"',
      'duplicate field "data.k"',
      'duplicate field "nope"',
    ];
    expect(decode(body).warnings).toEqual(problems);
    expect(decode(body, 'Ignore').warnings).toEqual([]);
    expect(failure(() => decode(body, 'Strict'))).toBe(
      `400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${problems.join(', ')}`,
    );
  });

  it('names unknown fields within lists', () => {
    const body = Buffer.from('{"spec":{"containers":[{"name":"a"},{"name":"b","foo":1}]}}');
    expect(decodeBody(core.v1.Pod, body, 'json', 'Warn').warnings).toEqual(['unknown field "spec.containers[1].foo"']);
  });

  it('reports at most a hundred problems', () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, i])));
    expect(decode(body).warnings).toHaveLength(100);
  });

  it.each([
    ['{"data":{"a":1}}', 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
    ['{"data":[]}', 'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string'],
    ['{"immutable":"x"}', 'json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool'],
    [
      '{"metadata":{"generation":1.5}}',
      'json: cannot unmarshal number 1.5 into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      '{"metadata":{"ownerReferences":[{"uid":{}}]}}',
      'json: cannot unmarshal object into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID',
    ],
    ['{"metadata":[],"data":{"a":1}}', 'json: cannot unmarshal array into Go struct field ConfigMap.metadata of type v1.ObjectMeta'],
    ['{"binaryData":{"a":"AQ=x"}}', 'illegal base64 data at input byte 3'],
    [
      '{"data":{"a":1},"metadata":{"creationTimestamp":"yesterday"}}',
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
  ])('says what is wrong with %s', (body, message) => {
    expect(failure(() => decode(body))).toBe(`400 ConfigMap in version "v1" cannot be handled as a ConfigMap: ${message}`);
  });

  it.each([
    ['{"metadata":{"creationTimestamp":5}}', 'number into Go struct field ObjectMeta.metadata.creationTimestamp of type string'],
    ['{"spec":{"ports":[{"targetPort":{}}]}}', 'object into Go struct field ServicePort.spec.ports.targetPort of type int32'],
    ['{"spec":{"ports":[{"targetPort":1.5}]}}', 'number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32'],
    [
      '{"spec":{"ports":[{"port":9007199254740993}]}}',
      'number 9007199254740993 into Go struct field ServicePort.spec.ports.port of type int32',
    ],
  ])('names the field whose type reads itself: %s', (body, problem) => {
    expect(failure(() => decodeBody(core.v1.Service, Buffer.from(body), 'json', 'Ignore'))).toBe(
      `400 Service in version "v1" cannot be handled as a Service: json: cannot unmarshal ${problem}`,
    );
  });

  it.each([
    ['{"user":"a","extra":{"a":5}}', 'number into Go struct field SubjectAccessReviewSpec.spec.extra of type v1.ExtraValue'],
    ['{"user":"a","extra":{"a":[5]}}', 'number into Go struct field SubjectAccessReviewSpec.spec.extra of type string'],
    ['{"extra":{"a":[5]},"user":5}', 'number into Go struct field SubjectAccessReviewSpec.spec.extra of type string'],
    ['{"user":5,"extra":{"a":[5]}}', 'number into Go struct field SubjectAccessReviewSpec.spec.user of type string'],
  ])('reads lists that are messages on the wire like any list: %s', (spec, problem) => {
    const body = Buffer.from(`{"spec":${spec}}`);
    expect(failure(() => decodeBody(authorization.v1.SubjectAccessReview, body, 'json', 'Ignore'))).toBe(
      `400 SubjectAccessReview in version "v1" cannot be handled as a SubjectAccessReview: json: cannot unmarshal ${problem}`,
    );
  });

  it.each([
    ['{"items":{"type":5}}', 'number into Go struct field JSONSchemaProps.spec.validation.openAPIV3Schema.items of type string'],
    [
      '{"items":[{"items":{"type":5}}]}',
      'number into Go struct field JSONSchemaProps.spec.validation.openAPIV3Schema.items of type string',
    ],
    ['{"items":[5]}', 'number into Go struct field JSONSchemaProps.spec.validation.openAPIV3Schema.items of type v1beta1.JSONSchemaProps'],
    [
      '{"dependencies":{"a":[null,5]}}',
      'number into Go struct field JSONSchemaProps.spec.validation.openAPIV3Schema.dependencies of type string',
    ],
  ])('tells what a schema within a schema has wrong of the outermost: %s', (schema, problem) => {
    const body = Buffer.from(`{"spec":{"validation":{"openAPIV3Schema":${schema}}}}`);
    expect(failure(() => decodeBody(apiextensions.v1beta1.CustomResourceDefinition, body, 'json', 'Ignore'))).toContain(problem);
  });

  it('says that bodies are no objects at all', () => {
    expect(failure(() => decode('k8s'))).toBe(
      "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b3873)",
    );
    expect(failure(() => decode(''))).toBe(
      "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    );
    expect(failure(() => decode('[]'))).toContain('json: cannot unmarshal array into Go value of type struct {');
    expect(failure(() => decode('{"kind":1}'))).toContain('json: cannot unmarshal number into Go struct field .kind of type string');
  });

  it('bounds nesting', () => {
    const nested = (levels: number) => `{"metadata":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    expect(failure(() => decode(nested(999)))).toContain('exceeded max depth');
    expect(() => decode(nested(998))).not.toThrow();
  });

  it('refuses other kinds and versions', () => {
    expect(failure(() => decode('{"apiVersion":"v1","kind":"Nope"}'))).toBe(
      '400 Nope in version "v1" cannot be handled as a ConfigMap: no kind "Nope" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    );
    expect(failure(() => decode('{"apiVersion":"v1","kind":"Secret"}'))).toBe(
      '400 Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    );
    const old = Buffer.from('{"apiVersion":"apps/v1beta1","kind":"Deployment"}');
    expect(decodeBody(apps.v1.Deployment, old, 'json', 'Warn').refusal?.message).toBe(
      'the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)',
    );
    expect(failure(() => decode('{"apiVersion":"a/b/c"}'))).toContain('unexpected GroupVersion string: a/b/c');
  });

  it('looks for unknown fields before it refuses another version, but not before it refuses another kind', () => {
    const old = Buffer.from('{"apiVersion":"apps/v1beta1","kind":"Deployment","x":1}');
    const { warnings, refusal } = decodeBody(apps.v1.Deployment, old, 'json', 'Warn');
    expect([warnings, refusal?.code]).toEqual([['unknown field "x"'], 400]);
    expect(failure(() => decodeBody(apps.v1.Deployment, old, 'json', 'Strict'))).toContain('strict decoding error: unknown field "x"');
    expect(failure(() => decode('{"apiVersion":"v1","kind":"Secret","x":1}', 'Strict'))).toContain('unknown conversion');
  });

  it('takes another version that is taken as well', () => {
    const beta = policy.v1beta1.Eviction;
    const body = { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'p' }, deleteOptions: { gracePeriodSeconds: 5 } };
    const { object } = decodeBody(policy.v1.Eviction, Buffer.from(JSON.stringify(body)), 'json', 'Strict', [beta]);
    expect(object).toEqual({ metadata: { name: 'p' }, deleteOptions: { gracePeriodSeconds: 5 } });
    const message = wrap(envelopePrefix('policy/v1beta1', 'Eviction'), beta.codec.encode(object));
    expect(decodeBody(policy.v1.Eviction, message, 'protobuf', 'Strict', [beta]).object).toEqual(object);
  });

  it('reads protobuf', () => {
    const message = core.v1.ConfigMap.codec.encode({ metadata: { name: 'a' }, data: { k: 'v' } });
    expect(decode(wrap(envelopePrefix('v1', 'ConfigMap'), message), 'Strict', 'protobuf').object).toEqual({
      metadata: { name: 'a' },
      data: { k: 'v' },
    });
    expect(failure(() => decode('{"a":1}', 'Warn', 'protobuf'))).toBe(
      '400 the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({"a":1})',
    );
    const cut = wrap(envelopePrefix('v1', 'ConfigMap'), Buffer.from([0x0a, 0x7f]));
    expect(failure(() => decode(cut, 'Warn', 'protobuf'))).toBe(
      '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF',
    );
  });
});

describe('YAML bodies', () => {
  it('reads scalars the way of YAML 1.1', () => {
    expect(decode('metadata: {name: a}\ndata:\n  s: "yes"\n  t: 2024-01-02\n  u: 1:30\n', 'Warn', 'yaml').object).toEqual({
      metadata: { name: 'a' },
      data: { s: 'yes', t: '2024-01-02', u: '1:30' },
    });
    expect(failure(() => decode('data: {a: yes}', 'Warn', 'yaml'))).toContain(
      'cannot unmarshal bool into Go struct field ConfigMap.data of type string',
    );
    expect(failure(() => decode('data: {a: 1}', 'Warn', 'yaml'))).toContain(
      'cannot unmarshal number into Go struct field ConfigMap.data of type string',
    );
  });

  it('follows anchors and merges', () => {
    const body = 'metadata: {name: a}\nx: &base {k: v, l: w}\ndata:\n  <<: *base\n  l: own\n';
    expect(decode(body, 'Ignore', 'yaml').object.data).toEqual({ k: 'v', l: 'own' });
  });

  it('reports keys that are set again', () => {
    const body = 'metadata:\n  name: a\n  name: b\nkind: ConfigMap\nkind: ConfigMap\n';
    const told = ['line 3: key "name" already set in map', 'line 5: key "kind" already set in map'];
    expect(decode(body, 'Warn', 'yaml').warnings).toEqual(told);
    expect(failure(() => decode(body, 'Strict', 'yaml'))).toBe(
      `400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  ${told.join('\n  ')}`,
    );
  });

  it('refuses aliases that multiply', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      );
    expect(failure(() => decode(lines.join('\n'), 'Warn', 'yaml'))).toContain('excessive aliasing');
  });

  it('says what is no YAML', () => {
    expect(failure(() => decode('a: [', 'Warn', 'yaml'))).toBe(
      '400 the object provided is unrecognized (must be of type ConfigMap): yaml: line 1: did not find expected node content (613a205b)',
    );
  });
});
