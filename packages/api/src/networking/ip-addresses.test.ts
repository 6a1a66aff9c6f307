import { dns1123Subdomain } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { ipAddresses } from './ip-addresses.js';

const at = 'spec.parentRef';

it.each<[object, string[]]>([
  [{ parentRef: { group: '', resource: 'services', namespace: 'ns', name: 's' } }, []],
  [{}, [`${at}: Required value`]],
  [{ parentRef: { group: 'g' } }, [`${at}.resource: Required value`, `${at}.name: Required value`]],
  [
    { parentRef: { group: 'Bad!', resource: 'a/b', namespace: '..', name: '%' } },
    [
      `${at}.group: Invalid value: "Bad!": ${dns1123Subdomain('Bad!')[0]}`,
      `${at}.resource: Invalid value: "a/b": may not contain '/'`,
      `${at}.name: Invalid value: "%": may not contain '%'`,
      `${at}.namespace: Invalid value: "..": may not be '..'`,
    ],
  ],
])('%j has the problems %j', (spec, expected) => {
  expect(problemsOf(ipAddresses, { metadata: { name: '10.0.0.1' }, spec })).toEqual(expected);
});
