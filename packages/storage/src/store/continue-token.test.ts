import { describe, expect, it } from 'vitest';
import { decodeContinue, encodeContinue, listExpired } from './continue-token.js';

const token = (fields: unknown) => Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields)).toString('base64url');

describe('encodeContinue', () => {
  it('writes what kube-apiserver writes: relative to the listed range, with a NUL behind the last key', () => {
    expect(encodeContinue({ revision: 12, after: 'default/web' }, 'default/')).toBe(
      'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTIsInN0YXJ0Ijoid2ViXHUwMDAwIn0',
    );
    expect(JSON.parse(Buffer.from(encodeContinue({ revision: undefined, after: 'a/b' }, ''), 'base64url').toString())).toEqual({
      v: 'meta.k8s.io/v1',
      rv: -1,
      start: 'a/b\0',
    });
  });

  it('refuses a position outside its range', () => {
    expect(() => encodeContinue({ revision: 1, after: 'other/web' }, 'default/')).toThrow(RangeError);
  });
});

describe('decodeContinue', () => {
  it('reads what was written', () => {
    const position = { revision: 12, after: 'default/web' };
    expect(decodeContinue(encodeContinue(position, 'default/'), 'default/')).toEqual(position);
    expect(decodeContinue(encodeContinue(position, ''), '')).toEqual(position);
  });

  it('takes a negative revision as the latest state', () => {
    expect(decodeContinue(token({ v: 'meta.k8s.io/v1', rv: -1, start: 'web\0' }), 'default/')).toEqual({
      revision: undefined,
      after: 'default/web',
    });
  });

  it('starts at a key that has no NUL behind it', () => {
    const { after } = decodeContinue(token({ v: 'meta.k8s.io/v1', rv: 5, start: 'b' }), 'default/');
    expect([after < 'default/b', after > 'default/azzz', after > 'default/a~']).toEqual([true, true, true]);
  });

  it.each([
    [token({ v: 'meta.k8s.io/v9', rv: 1, start: 'a' }), 'server does not recognize this encoded version meta.k8s.io/v9'],
    [token({}), 'server does not recognize this encoded version '],
    [token('null'), 'server does not recognize this encoded version '],
    [token({ v: 'meta.k8s.io/v1', rv: 0, start: 'a' }), 'incorrect encoded start resourceVersion (version meta.k8s.io/v1)'],
    [token({ v: 'meta.k8s.io/v1', rv: 1 }), 'encoded start key empty (version meta.k8s.io/v1)'],
    [token({ v: 'meta.k8s.io/v1', rv: 1, start: '../secrets/a' }), '../secrets/a'],
    [token({ v: 'meta.k8s.io/v1', rv: 1, start: 'a//b' }), 'a//b'],
    [
      token({ v: 'meta.k8s.io/v1', rv: '1', start: 'a' }),
      'json: cannot unmarshal string into Go struct field continueToken.rv of type int64',
    ],
    [token('[]'), 'json: cannot unmarshal array into Go value of type storage.continueToken'],
    [token('x'), "invalid character 'x' looking for beginning of value"],
    [token('{'), 'unexpected end of JSON input'],
    ['junk', "invalid character '\\u008e' looking for beginning of value"],
    ['a*b', 'illegal base64 data at input byte 1'],
    ['', 'unexpected end of JSON input'],
  ])('refuses %s: %s', (text, why) => {
    const separator = why === '' ? '' : ': ';
    expect(() => decodeContinue(text, '')).toThrow(
      expect.objectContaining({ code: 400, message: `invalid continue token: continue key is not valid${separator}${why}` }),
    );
  });
});

describe('listExpired', () => {
  it('gives a paged list a token with which it can be ended inconsistently', () => {
    const error = listExpired({ revision: 3, after: 'default/web' }, 'default/');
    expect([error.code, error.reason]).toEqual([410, 'Expired']);
    expect(decodeContinue(error.status.metadata.continue ?? '', 'default/')).toEqual({ revision: undefined, after: 'default/web' });
    expect(error.message).toMatch(/^The provided continue parameter is too old to display a consistent list result\. You can start/);
  });

  it('tells an exact list only that it is too old', () => {
    const error = listExpired(undefined, '');
    expect([error.message, error.status.metadata]).toEqual(['The resourceVersion for the provided list is too old.', {}]);
  });
});
