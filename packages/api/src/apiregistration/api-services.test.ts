import { apiregistration } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { printedCells } from '@keelson/server/testing';
import { expect, it } from 'vitest';
import { apiServices } from './api-services.js';

type APIService = apiregistration.v1.APIService;

const context = { now: '2025-01-01T00:00:00Z' } as WriteContext;
const spec = { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 };
const service = { namespace: 'ns', name: 's' };

function apiService(json: object, name = 'v1.example.com'): APIService {
  return apiregistration.v1.APIService.codec.fromJson({ metadata: { name }, ...json } as never);
}

function row(of: APIService): unknown[] {
  return printedCells(apiServices.definition.columns ?? [], of, 0).slice(1, 3);
}

it('is there at once where this server serves it', () => {
  const local = apiService({ spec });
  apiServices.definition.prepareForCreate?.(local, context);
  expect(local.status.conditions).toEqual([
    {
      type: 'Available',
      status: 'True',
      lastTransitionTime: context.now,
      reason: 'Local',
      message: 'Local APIServices are always available',
    },
  ]);
  expect(row(local)).toEqual(['Local', 'True']);
});

it('is to be found out about where another one does', () => {
  const remote = apiService({ spec: { ...spec, service } });
  apiServices.definition.defaults?.(remote);
  apiServices.definition.prepareForCreate?.(remote, context);
  expect(remote.spec.service).toEqual({ ...service, port: 443 });
  expect(row(remote)).toEqual(['ns/s', 'Unknown']);
  remote.status = { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints', lastTransitionTime: null }] };
  expect(row(remote)).toEqual(['ns/s', 'False (MissingEndpoints)']);
});

it.each([
  [{ spec }, []],
  [{ spec: { ...spec, versionPriority: 1001 } }, ['spec.versionPriority: Invalid value: 1001: must be positive and less than 1000']],
  [
    { spec: { ...spec, insecureSkipTLSVerify: true } },
    ['spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify'],
  ],
  [
    { spec: { ...spec, service, insecureSkipTLSVerify: true, caBundle: 'AA==' } },
    ['spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present'],
  ],
  [{ spec: { ...spec, service: { name: 's' } } }, ['spec.service.namespace: Required value']],
  [
    { spec: { ...spec, version: 'v2' } },
    ['metadata.name: Invalid value: "v1.example.com": must be `spec.version+"."+spec.group`: "v2.example.com"'],
  ],
  [{ metadata: { name: 'a/b' }, spec }, []],
])('is checked: %j', (json, messages) => {
  expect(apiServices.definition.validate?.(apiService(json), undefined, context).map(String)).toEqual(messages);
});

it('is stored as JSON', () => {
  const stored = JSON.parse(apiServices.form.encode(apiService({ spec })).toString());
  expect(stored).toEqual({
    kind: 'APIService',
    apiVersion: 'apiregistration.k8s.io/v1',
    metadata: { name: 'v1.example.com' },
    spec,
    status: {},
  });
});
