import type { Json } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import type { PartSubresource, WriteContext } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { certificateSigningRequests } from './certificate-signing-requests.js';

type Request = certificates.v1.CertificateSigningRequest;
type Conditions = certificates.v1.CertificateSigningRequestCondition[];

const now = '2025-01-02T00:00:00Z';
const before = '2025-01-01T00:00:00Z';
const context = { now, user: { name: 'alice', uid: 'u', groups: ['devs'], extra: { scope: ['a'] } } } as unknown as WriteContext;
const { definition } = certificateSigningRequests;

function request(json: object): Request {
  return certificates.v1.CertificateSigningRequest.codec.fromJson({ metadata: { name: 'r' }, ...json } as Json);
}

function part(name: 'status' | 'approval'): PartSubresource<Request> {
  return definition.subresources?.[name] as unknown as PartSubresource<Request>;
}

function condition(type: string, time: string | null = before) {
  return { type, status: 'True', reason: 'R', lastUpdateTime: time, lastTransitionTime: time };
}

it('is asked for by who sends it, whatever it says', () => {
  const given = request({
    spec: { username: 'bob', groups: ['system:masters'], usages: ['any'], signerName: 'a.b/c' },
    status: { certificate: 'AA==' },
  });
  definition.prepareForCreate?.(given, context);
  expect(given.spec).toEqual({
    request: null,
    signerName: 'a.b/c',
    usages: ['any'],
    username: 'alice',
    uid: 'u',
    groups: ['devs'],
    extra: { scope: ['a'] },
  });
  expect(given.status).toEqual({});
});

describe('approval', () => {
  it('dates conditions and leaves the certificate alone', () => {
    const old = request({ status: { certificate: 'AA==' } });
    const given = request({ spec: { signerName: 'other/x' }, status: { certificate: 'BB==', conditions: [condition('Approved', null)] } });
    part('approval').prepareForUpdate(given, old, context);
    expect(given.status).toEqual({ certificate: 'AA==', conditions: [condition('Approved', now)] });
    expect(given.spec).toEqual(old.spec);
  });

  it.each([
    [
      [condition('Approved'), condition('Denied')],
      ['status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'],
    ],
    [[condition('Approved'), condition('Approved')], ['status.conditions[1].type: Duplicate value: "Approved"']],
    [
      [{ ...condition('Approved'), status: 'False' }],
      ['status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    ],
    [[condition('Reviewed')], []],
  ])('of %j', (conditions, messages) => {
    const given = request({ status: { conditions } });
    expect(part('approval').validate?.(given, request({}), context).map(String)).toEqual(messages);
  });

  it('is not taken back', () => {
    const old = request({ status: { conditions: [condition('Approved')] } });
    expect(part('approval').validate?.(request({}), old, context).map(String)).toEqual([
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
    ]);
  });
});

describe('status', () => {
  it('keeps what was decided', () => {
    const old = request({ status: { conditions: [condition('Approved')] } });
    const changed = { ...condition('Approved'), reason: 'Because' };
    const given = request({ status: { conditions: [changed, condition('Failed', null)] } });
    part('status').prepareForUpdate(given, old, context);
    expect(given.status.conditions).toEqual([condition('Approved'), condition('Failed', now)] satisfies Conditions);
    expect(part('status').validate?.(given, old, context)).toEqual([]);
  });

  it('decides nothing', () => {
    const given = request({ status: { conditions: [condition('Approved')] } });
    part('status').prepareForUpdate(given, request({}), context);
    expect(part('status').validate?.(given, request({}), context).map(String)).toEqual([
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    ]);
  });

  it('keeps the time of a condition that is only repeated', () => {
    const old = request({ status: { conditions: [condition('Failed')] } });
    const given = request({ status: { conditions: [condition('Failed', null)] } });
    part('status').prepareForUpdate(given, old, context);
    expect(given.status.conditions).toEqual([{ ...condition('Failed'), lastUpdateTime: now }]);
  });

  it('issues a certificate once', () => {
    const old = request({ status: { certificate: 'AA==' } });
    expect(
      part('status')
        .validate?.(request({ status: { certificate: 'BB==' } }), old, context)
        .map(String),
    ).toEqual(['status.certificate: Forbidden: updates may not modify existing certificate content']);
  });
});

it.each([
  [{}, 'Pending'],
  [{ conditions: [condition('Approved')], certificate: 'AA==' }, 'Approved,Issued'],
  [{ conditions: [condition('Denied'), condition('Failed')] }, 'Denied,Failed'],
])('prints its condition: %j', (status, text) => {
  const column = definition.columns?.find(({ name }) => name === 'Condition');
  expect(column?.cell(request({ status }))).toBe(text);
});
