import { describe, expect, it } from 'vitest';
import { AuditEvent, type AuditEventFields } from './audit-event.js';
import { eventLine } from './event-line.js';
import { leastFields } from './testing/sample-event.js';

const least: AuditEventFields = {
  ...leastFields,
  auditId: 'id-1',
  stage: 'RequestReceived',
  receivedAtMs: Date.UTC(2025, 0, 2, 3, 4, 5) + 678.5,
  stageAtMs: Date.UTC(2025, 0, 2, 3, 4, 6),
};

const full: AuditEventFields = {
  ...least,
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  requestUri: '/api/v1/namespaces/x/pods?a=<b>',
  user: { name: 'alice', uid: 'u', groups: ['devs', 'all'], extra: { z: ['1'], a: ['2', '3'] } },
  impersonatedUser: { name: 'bob', groups: [] },
  sourceIps: ['10.0.0.1', '::1'],
  userAgent: 'kubectl/v1.34.0',
  objectReference: { resource: 'pods', namespace: 'x', apiVersion: 'v1' },
  responseStatus: { code: 201, reason: 'AlreadyExists', message: 'm', status: 'Failure', details: { name: 'n' } },
  requestObject: [Buffer.from('{"kind":"Pod"}')],
  responseObject: [Buffer.from('{"items":['), Buffer.from('{}'), Buffer.from(']}')],
  annotations: new Map([
    ['b', '2'],
    ['a', '1'],
  ]),
};

const times = '"requestReceivedTimestamp":"2025-01-02T03:04:05.678500Z","stageTimestamp":"2025-01-02T03:04:06.000000Z"';

describe('an event', () => {
  it('has its members in the order of the API, and none that are empty', () => {
    expect(new AuditEvent(least).body.toString()).toBe(
      `{"level":"Metadata","auditID":"id-1","stage":"RequestReceived","requestURI":"/api","verb":"get","user":{},${times}}`,
    );
    expect(new AuditEvent(full).body.toString()).toBe(
      '{"level":"RequestResponse","auditID":"id-1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/x/pods?a=\\u003cb\\u003e","verb":"get",' +
        '"user":{"username":"alice","uid":"u","groups":["devs","all"],"extra":{"a":["2","3"],"z":["1"]}},"impersonatedUser":{"username":"bob"},' +
        '"sourceIPs":["10.0.0.1","::1"],"userAgent":"kubectl/v1.34.0","objectRef":{"resource":"pods","namespace":"x","apiVersion":"v1"},' +
        '"responseStatus":{"metadata":{},"status":"Failure","message":"m","reason":"AlreadyExists","details":{"name":"n"},"code":201},' +
        `"requestObject":{"kind":"Pod"},"responseObject":{"items":[{}]},${times},"annotations":{"a":"1","b":"2"}}`,
    );
  });

  it('can be had without its objects', () => {
    const { requestObject, responseObject, ...rest } = JSON.parse(new AuditEvent(full).body.toString());
    const annotations = { ...rest.annotations, 'audit.k8s.io/truncated': 'true' };
    expect(JSON.parse(new AuditEvent(full).truncated().body.toString())).toEqual({ ...rest, annotations });
  });
});

describe('a line', () => {
  it('is JSON with its TypeMeta', () => {
    expect(eventLine(new AuditEvent(least), 'json').toString()).toBe(
      `{"kind":"Event","apiVersion":"audit.k8s.io/v1",${new AuditEvent(least).body.toString().slice(1)}\n`,
    );
  });

  it('is text in the legacy format', () => {
    expect(eventLine(new AuditEvent(least), 'legacy').toString()).toBe(
      '2025-01-02T03:04:05.6785Z AUDIT: id="id-1" stage="RequestReceived" ip="<unknown>" method="get" user="<none>" groups="<none>" as="<self>" asgroups="<lookup>" user-agent="" namespace="<none>" uri="/api" response="<deferred>"\n',
    );
    expect(eventLine(new AuditEvent({ ...full, receivedAtMs: Date.UTC(2025, 0, 2) }), 'legacy').toString()).toBe(
      '2025-01-02T00:00:00Z AUDIT: id="id-1" stage="ResponseComplete" ip="10.0.0.1" method="get" user="alice" groups="\\"devs\\",\\"all\\"" as="bob" asgroups="" user-agent="kubectl/v1.34.0" namespace="x" uri="/api/v1/namespaces/x/pods?a=<b>" response="201"\n',
    );
  });
});
