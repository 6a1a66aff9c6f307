import { dns1123Label } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { endpoints } from './endpoints.js';

const notLabel = dns1123Label('Bad!')[0];
const notIp = 'must be a valid IP address';

it.each<[object, string[]]>([
  [{ addresses: [{ ip: '10.1.1.1', hostname: 'h', nodeName: 'n' }], ports: [{ port: 80 }] }, []],
  [
    {
      notReadyAddresses: [{ ip: 'fd00::1' }],
      ports: [
        { name: 'a', port: 1, appProtocol: 'example.com/x' },
        { name: 'b', port: 2 },
      ],
    },
    [],
  ],
  [{ ports: [{ port: 80 }] }, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
  [
    { addresses: [{ ip: 'x' }] },
    [
      `subsets[0].addresses[0].ip: Invalid value: "x": ${notIp}, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
      `subsets[0].addresses[0].ip: Invalid value: "x": ${notIp}`,
    ],
  ],
  [
    { notReadyAddresses: [{ ip: '127.0.0.1', hostname: 'Bad!' }] },
    [
      `subsets[0].notReadyAddresses[0].hostname: Invalid value: "Bad!": ${notLabel}`,
      'subsets[0].notReadyAddresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ],
  [
    { addresses: [{ ip: '10.1.1.1' }], ports: [{ port: 0 }, { name: 'Bad!', port: 1, protocol: 'X' }] },
    [
      'subsets[0].ports[0].name: Required value',
      'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      `subsets[0].ports[1].name: Invalid value: "Bad!": ${notLabel}`,
      'subsets[0].ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
])('%j has the problems %j', (subset, expected) => {
  expect(problemsOf(endpoints, { subsets: [subset] })).toEqual(expected);
});
