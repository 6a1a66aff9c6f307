import { ApiError, type Json, type JsonObject, type Status } from '@keelson/machinery';
import { kinds, type TypeSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { applyPatch, type PatchKind, undecodablePatch } from './apply-patch.js';

const type = kinds.find('', 'v1', 'ConfigMap')?.type as TypeSchema;
const configMap = (): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'n' }, data: { a: '1' } });

class Problems {
  readonly texts: string[] = [];
  add(problem: string): void {
    this.texts.push(problem);
  }
}

function refusal(kind: PatchKind, patch: Json, strict = new Problems()): Status {
  try {
    applyPatch(kind, configMap(), patch, type, { strict });
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error('the patch was accepted');
}

const rejected = { code: 422, reason: 'Invalid', message: 'the server rejected our request due to an error in our request', details: {} };

describe('applyPatch', () => {
  it('applies all three kinds', () => {
    const expected = { ...configMap(), data: { a: '1', b: '2' } };
    expect(applyPatch('json', configMap(), [{ op: 'add', path: '/data/b', value: '2' }], type)).toEqual(expected);
    expect(applyPatch('merge', configMap(), { data: { b: '2' } }, type)).toEqual(expected);
    expect(applyPatch('strategic', configMap(), { data: { b: '2' } }, type)).toEqual(expected);
  });

  it('takes a null JSON or strategic patch for an empty one', () => {
    expect(applyPatch('json', configMap(), null, type)).toEqual(configMap());
    expect(applyPatch('strategic', configMap(), null, type)).toEqual(configMap());
  });

  it('does not say why a JSON patch fails', () => {
    expect(refusal('json', [{ op: 'test', path: '/spec/nope', value: 9 }])).toMatchObject(rejected);
    expect(refusal('json', [{ op: 'remove', path: '/metadata/nope' }])).toMatchObject(rejected);
    expect(refusal('json', [{ path: '/data', value: 1 }])).toMatchObject(rejected);
    expect(refusal('json', [null])).toMatchObject(rejected);
  });

  it('limits the number of JSON patch operations', () => {
    const operations = Array(10_001).fill({ op: 'test', path: '/data/a', value: '1' });
    expect(applyPatch('json', configMap(), operations.slice(1), type)).toEqual(configMap());
    expect(refusal('json', operations)).toMatchObject({
      code: 413,
      message: 'Request entity is too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  });

  it('reports unknown members of JSON patch operations', () => {
    const strict = new Problems();
    applyPatch('json', configMap(), [{ op: 'test', path: '/data/a', value: '1', note: 'x' }], type, { strict });
    expect(strict.texts).toEqual(['json patch unknown field "[0].note"']);
  });

  it('refuses bodies of the wrong shape', () => {
    const cannot = 'error decoding patch: json: cannot unmarshal';
    expect(refusal('merge', [])).toMatchObject({ code: 400, message: `${cannot} array into Go value of type map[string]interface {}` });
    expect(refusal('merge', null)).toMatchObject({ code: 400, message: 'Invalid JSON Patch' });
    expect(refusal('json', {})).toMatchObject({ code: 400, message: `${cannot} object into Go value of type []handlers.jsonPatchOp` });
    expect(refusal('json', [{ op: 1 }])).toMatchObject({
      code: 400,
      message: `${cannot} number into Go struct field jsonPatchOp.op of type string`,
    });
    expect(refusal('strategic', 'x')).toMatchObject({
      code: 400,
      message: 'json: cannot unmarshal string into Go value of type map[string]interface {}',
    });
  });

  it('answers strategic patch faults by their kind', () => {
    const unknown = refusal('strategic', { data: { $patch: 'x' } });
    expect(unknown).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'unknown patch type: x in map: map[$patch:x]',
      code: 500,
    });
    expect(refusal('strategic', { data: { $retainKeys: 1 } })).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: 'invalid patch format of retainKeys',
    });
  });

  it('refuses patches that nest too deep', () => {
    let patch: Json = {};
    for (let i = 0; i < 5000; i++) patch = { a: patch };
    expect(refusal('merge', patch)).toMatchObject({ code: 400 });
  });

  it('refuses a JSON patch that leaves no object', () => {
    expect(refusal('json', [{ op: 'replace', path: '', value: [] }])).toMatchObject({ code: 422, reason: 'Invalid' });
  });
});

describe('undecodablePatch', () => {
  it('shows the patch when it is strategic, else the patched object', () => {
    const why = 'strict decoding error: unknown field "nope"';
    expect(undecodablePatch('strategic', { nope: 1 }, {}, why).status).toMatchObject({
      code: 422,
      message: ' "" is invalid: patch: Invalid value: "map[nope:1]": strict decoding error: unknown field "nope"',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] },
    });
    expect(undecodablePatch('merge', { nope: 1 }, { kind: 'X', nope: 1 }, why).message).toBe(
      ' "" is invalid: patch: Invalid value: "{\\"kind\\":\\"X\\",\\"nope\\":1}": strict decoding error: unknown field "nope"',
    );
  });
});
