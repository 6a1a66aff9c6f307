import { describe, expect, it } from 'vitest';
import { statusProblemsOf } from '../testing/problems-of.js';
import { storageVersions } from './storage-versions.js';
import { storageVersionName } from './storage-versions-validation.js';

const server = { apiServerID: 'a', encodingVersion: 'apps/v1', decodableVersions: ['apps/v1'] };
const at = 'status.storageVersions[0]';
const unset =
  'should be nil if servers do not agree on the same encoding version, or if there is no server reporting the supported versions yet';

function problems(status: object): string[] {
  return statusProblemsOf(storageVersions, { spec: {}, status }, { spec: {}, status: {} });
}

describe('names of storage versions', () => {
  it.each(['apps.deployments', 'rbac.authorization.k8s.io.roles'])('take %s', (name) => expect(storageVersionName(name)).toEqual([]));

  it.each([
    ['pods', ['name must be in the form of <group>.<resource>']],
    ['apps.Pods', [expect.stringMatching(/^the resource segment a DNS-1035 label must consist of /)]],
    ['Apps.pods', [expect.stringMatching(/^the group segment a lowercase RFC 1123 subdomain must consist of /)]],
  ])('refuse %s', (name, details) => expect(storageVersionName(name)).toEqual(details));
});

describe('status of storage versions', () => {
  it('takes what servers tell, and what they agree on', () => {
    expect(problems({ storageVersions: [server], commonEncodingVersion: 'apps/v1' })).toEqual([]);
    expect(problems({ storageVersions: [server, { ...server, encodingVersion: 'v1', decodableVersions: ['v1'] }] })).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  it.each([
    [{ commonEncodingVersion: 'v1' }, [`status.commonEncodingVersion: Invalid value: "v1": ${unset}`]],
    [{ storageVersions: [server] }, ['status.commonEncodingVersion: Invalid value: null: the common encoding version is apps/v1']],
    [
      { storageVersions: [server], commonEncodingVersion: 'v1' },
      ['status.commonEncodingVersion: Invalid value: "v1": the actual common encoding version is apps/v1'],
    ],
    [
      { storageVersions: [{ ...server, decodableVersions: ['v1'] }], commonEncodingVersion: 'apps/v1' },
      [`${at}.decodableVersions: Invalid value: ["v1"]: decodableVersions must include encodingVersion apps/v1`],
    ],
    [
      { storageVersions: [{ ...server, encodingVersion: '/', decodableVersions: ['/'] }], commonEncodingVersion: '/' },
      [
        `${at}.encodingVersion: Invalid value: "/": group part: must be non-empty,version part: must be non-empty`,
        `${at}.decodableVersions[0]: Invalid value: "/": group part: must be non-empty,version part: must be non-empty`,
      ],
    ],
    [
      { storageVersions: [{ ...server, servedVersions: ['v9'] }], commonEncodingVersion: 'apps/v1' },
      [
        `${at}.servedVersions[0]: Invalid value: "v9": individual served version : v9 must be included in decodableVersions : ` +
          `[${server.decodableVersions.join(' ')}]`,
      ],
    ],
    [
      { conditions: [{ type: 'A', status: '', reason: 'R', message: 'm' }] },
      [
        'status[0].status: Invalid value: "": name part must be non-empty',
        "status[0].status: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
          "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
  ])('refuses %j', (status, expected) => expect(problems(status)).toEqual(expected));

  it('wants one condition of each type, with its reason and message', () => {
    const condition = { type: 'A', status: 'True', reason: 'R', message: 'm' };
    expect(problems({ conditions: [condition, { type: 'A', status: 'True' }] })).toEqual([
      'status[1].type: Invalid value: "A": the type of the condition is not unique, it also appears in conditions[0]',
      'status[1].reason: Required value',
      'status[1].message: Required value',
    ]);
  });
});
