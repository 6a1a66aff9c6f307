import { path } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { validateUuid } from './uuid-validation.js';

const uuid = '0123abcd-0123-4567-89ab-0123456789ab';
const notNormal = 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';

it.each([
  [uuid, undefined],
  [uuid.toUpperCase(), notNormal],
  [`{${uuid}}`, notNormal],
  [`urn:uuid:${uuid}`, notNormal],
  [uuid.replaceAll('-', ''), notNormal],
  ['a', 'error validating uid: invalid UUID length: 1'],
  [uuid.replace('-', 'a'), 'error validating uid: invalid UUID format'],
  [`(${uuid})`, 'error validating uid: invalid bracketed UUID format'],
  [`urn:guid:${uuid}`, 'error validating uid: invalid urn prefix: "urn:guid:"'],
])('%s: %s', (text, problem) => {
  expect(validateUuid(text, path('a')).map(String)).toEqual(problem === undefined ? [] : [`a: Invalid value: "${text}": ${problem}`]);
});
