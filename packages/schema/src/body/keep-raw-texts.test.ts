import { rawTextOf, semanticallyEqual } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { apps, resource } from '../gen/index.js';
import { decodeBody } from './decode-body.js';
import { withoutRawTexts } from './keep-raw-texts.js';

function revision(data: string) {
  return decodeBody(apps.v1.ControllerRevision, Buffer.from(`{"revision": 1, "data": ${data}}`), 'json', 'Strict').object;
}

describe('what is passed on as it came', () => {
  const { codec } = apps.v1.ControllerRevision;
  const text = '{ "b":"<\\"}", "a" : [ 1 , {} ] }';

  it('is stored so, and printed without spaces', () => {
    const message = codec.encode(revision(text));
    expect(Buffer.from(message).includes(text)).toBe(true);
    expect(rawTextOf(codec.decode(message).data)).toBe(text);
    expect(codec.toJson(message).toString()).toContain('"data":{"b":"\\u003c\\"}","a":[1,{}]}');
  });

  it('equals only what has the same text', () => {
    expect(semanticallyEqual(revision('{"a": 1}'), revision('{"a": 1}'))).toBe(true);
    expect(semanticallyEqual(revision('{"a": 1}'), revision('{"a":1}'))).toBe(false);
  });

  it('is found in lists', () => {
    const config = (parameters: string) => `{"opaque":{"driver":"d","parameters":${parameters}}}`;
    const body = `{"spec":{"unknown":[{}, "]"],"devices":{"config":[${config('{"x": 1}')}, ${config('{ }')}]}}}`;
    const { object } = decodeBody(resource.v1.ResourceClaim, Buffer.from(body), 'json', 'Ignore');
    expect(object.spec.devices.config?.map(({ opaque }) => rawTextOf(opaque?.parameters))).toEqual(['{"x": 1}', '{ }']);
  });

  it('is new text after a patch, with its keys in order after a strategic one', () => {
    const { data } = revision(text);
    const merged = withoutRawTexts(apps.v1.ControllerRevision.type, { data } as never, 'merge');
    const strategic = withoutRawTexts(apps.v1.ControllerRevision.type, { data } as never, 'strategic');
    expect([rawTextOf(merged.data), JSON.stringify(merged.data)]).toEqual([undefined, '{"b":"<\\"}","a":[1,{}]}']);
    expect(JSON.stringify(strategic.data)).toBe('{"a":[1,{}],"b":"<\\"}"}');
  });
});
