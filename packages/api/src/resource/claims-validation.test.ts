import { describe, expect, it } from 'vitest';
import { namespaces } from '../core/namespaces.js';
import { problemsOf } from '../testing/problems-of.js';
import { createResourceClaims } from './resource-claims.js';

const resourceClaims = createResourceClaims(namespaces);

const exactly = { deviceClassName: 'c' };
const requests = 'spec.devices.requests[0]';

function problems(request: object, rest: object = {}): string[] {
  return problemsOf(resourceClaims, { spec: { devices: { requests: [{ name: 'r', ...request }], ...rest } } });
}

describe('a claim', () => {
  it.each<[object, object, string[]]>([
    [{ exactly: { ...exactly, adminAccess: true } }, { constraints: [{ requests: ['r'], matchAttribute: 'd.example.com/a' }] }, []],
    [{ firstAvailable: [{ name: 's', ...exactly }] }, { config: [{ requests: ['r/s'], opaque: { driver: 'd', parameters: {} } }] }, []],
    [{}, {}, [`${requests}: Required value: exactly one of \`exactly\` or \`firstAvailable\` is required`]],
    [
      { exactly: { ...exactly, count: -1 }, firstAvailable: [{ name: 's', ...exactly, allocationMode: 'Some' }] },
      {},
      [
        `${requests}.firstAvailable[0].allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"`,
        `${requests}.exactly.count: Invalid value: -1: must be greater than zero`,
        `${requests}: Invalid value: null: exactly one of \`exactly\` or \`firstAvailable\` is required, but multiple fields are set`,
      ],
    ],
    [
      { exactly },
      { config: [{ requests: ['other'], opaque: { driver: 'd', parameters: {} } }] },
      [
        'spec.devices.config[0].requests[0]: Invalid value: "other": must be the name of a request in the claim or the name of a request ' +
          "and a subrequest separated by '/'",
      ],
    ],
  ])('%j and %j', (request, rest, expected) => {
    expect(problems(request, rest)).toEqual(expected);
  });

  it('stays as it is, and says so in the words of its fields inside Kubernetes', () => {
    const spec = (name: string) => ({
      spec: { devices: { requests: [{ name, exactly: { ...exactly, selectors: [{ cel: { expression: 'true' } }] } }] } },
    });
    expect(problemsOf(resourceClaims, spec('b'), spec('a'))).toEqual([
      'spec: Invalid value: {"Devices":{"Requests":[{"Name":"b","Exactly":{"DeviceClassName":"c","Selectors":[{"CEL":{"Expression":"true"}}],' +
        '"AllocationMode":"ExactCount","Count":1,"AdminAccess":null,"Tolerations":null,"Capacity":null},"FirstAvailable":null}],' +
        '"Constraints":null,"Config":null}}: field is immutable',
    ]);
  });

  it('is told twice what is wrong with a changed one', () => {
    const spec = (name: string) => ({ spec: { devices: { requests: [{ name, exactly: { deviceClassName: '' } }] } } });
    const missing = `${requests}.exactly.deviceClassName: Required value`;
    expect(problemsOf(resourceClaims, spec('b'), spec('a'))).toEqual([missing, expect.stringContaining('field is immutable'), missing]);
  });
});
