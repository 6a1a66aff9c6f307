import { describe, expect, it } from 'vitest';
import { decodeDeleteOptions } from './decode-delete-options.js';

const scheme = 'in scheme "pkg/apis/meta/internalversion/scheme/register.go:27"';

describe('decodeDeleteOptions', () => {
  it.each([
    '{"gracePeriodSeconds":5}',
    '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":5,"unknown":1}',
    '{"kind":"DeleteOptions","apiVersion":"apps/v9","gracePeriodSeconds":5}',
    '{"apiVersion":"foo/v1","gracePeriodSeconds":5}',
  ])('reads %s', (body) => {
    expect(decodeDeleteOptions(Buffer.from(body), 'json')).toEqual({ gracePeriodSeconds: 5 });
    expect(decodeDeleteOptions(Buffer.from(body), 'yaml')).toEqual({ gracePeriodSeconds: 5 });
  });

  it.each([
    ['{', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    [
      '[]',
      `couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    ],
    ['{"kind":5}', "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string"],
    ['{"apiVersion":"a/b/c"}', 'unexpected GroupVersion string: a/b/c'],
    ['{"kind":"Pod"}', `no kind "Pod" is registered for version "meta.k8s.io/v1" ${scheme}`],
    ['{"kind":"ListOptions","apiVersion":"v1"}', `no kind "ListOptions" is registered for version "v1" ${scheme}`],
    ['{"kind":"ListOptions","apiVersion":"meta.k8s.io/v1"}', 'converting (v1.ListOptions) to (v1.DeleteOptions): unknown conversion'],
    ['{"kind":"Status","apiVersion":"v1"}', 'converting (v1.Status) to (v1.DeleteOptions): unknown conversion'],
    ['{"dryRun":"All"}', 'json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string'],
  ])('cannot read %s', (body, why) => {
    expect(() => decodeDeleteOptions(Buffer.from(body), 'json')).toThrow(why);
  });
});
