import { core } from '@keelson/schema';
import type { Resource } from '@keelson/server';
import { printedCells } from '@keelson/server/testing';
import { expect, it } from 'vitest';
import { configMaps } from './config-maps.js';
import { endpoints } from './endpoints.js';
import { replicationControllers } from './replication-controllers.js';
import { resourceQuotas } from './resource-quotas.js';
import { secrets } from './secrets.js';
import { serviceColumns } from './services/service-columns.js';
import { persistentVolumeClaims } from './volumes/persistent-volume-claims.js';
import { persistentVolumes } from './volumes/persistent-volumes.js';

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const metadata = { name: 'n', creationTimestamp: '2025-12-31T23:59:00Z' };

function cells(resource: Resource, json: object) {
  const object = resource.hub.codec.fromJson({ metadata, ...json } as never);
  return printedCells(resource.definition.columns ?? [], object, nowMs);
}

it('prints config maps and secrets', () => {
  expect(cells(configMaps, { data: { a: '1' }, binaryData: { b: 'AA==' } })).toEqual(['n', 2, '60s']);
  expect(cells(secrets, { type: 'Opaque', data: { a: 'AA==' } })).toEqual(['n', 'Opaque', 1, '60s']);
});

it('prints some endpoints and counts the rest', () => {
  const addresses = ['10.0.0.1', '10.0.0.2', 'fd00::3', '10.0.0.4', '10.0.0.5'].map((ip) => ({ ip }));
  expect(cells(endpoints, { subsets: [{ addresses, ports: [{ port: 80 }] }] })[1]).toBe('10.0.0.1:80,10.0.0.2:80,[fd00::3]:80 + 2 more...');
  expect(cells(endpoints, { subsets: [{ addresses: addresses.slice(0, 1) }] })[1]).toBe('10.0.0.1');
  expect(cells(endpoints, {})[1]).toBe('<none>');
});

it('prints volumes and claims', () => {
  const spec = {
    capacity: { storage: '5Gi' },
    accessModes: ['ReadOnlyMany', 'ReadWriteOnce'],
    storageClassName: 'sc',
    claimRef: { namespace: 'ns', name: 'c' },
  };
  expect(cells(persistentVolumes, { spec, status: { phase: 'Bound' } })).toEqual([
    'n',
    '5Gi',
    'RWO,ROX',
    '',
    'Bound',
    'ns/c',
    'sc',
    '<unset>',
    '',
    '60s',
    '<unset>',
  ]);
  const bound = {
    spec: { volumeName: 'v', volumeMode: 'Block' },
    status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'] },
  };
  expect(cells(persistentVolumeClaims, bound)).toEqual(['n', 'Bound', 'v', '1Gi', 'RWX', '', '<unset>', '60s', 'Block']);
  expect(cells(persistentVolumeClaims, { status: { phase: 'Pending' } })).toEqual([
    'n',
    'Pending',
    '',
    '',
    '',
    '',
    '<unset>',
    '60s',
    '<unset>',
  ]);
});

it('prints controllers and quotas', () => {
  const template = {
    metadata: {},
    spec: {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    },
  };
  expect(cells(replicationControllers, { spec: { replicas: 2, selector: { app: 'a' }, template } })).toEqual([
    'n',
    2,
    0,
    0,
    '60s',
    'a,b',
    'x,y',
    'app=a',
  ]);
  const status = { hard: { pods: '10', 'limits.cpu': '2', cpu: '1' }, used: { pods: '3' } };
  expect(cells(resourceQuotas, { status })).toEqual(['n', 'cpu: 0/1, pods: 3/10', 'limits.cpu: 0/2', '60s']);
});

it('prints services', () => {
  const row = (json: object) => {
    const service = core.v1.Service.codec.fromJson({ metadata, ...json } as never);
    return printedCells(serviceColumns, service, nowMs);
  };
  expect(row({ spec: { type: 'ExternalName', externalName: 'x.example.com' } })).toEqual([
    'n',
    'ExternalName',
    '<none>',
    'x.example.com',
    '<none>',
    '60s',
    '<none>',
  ]);
  const spec = {
    type: 'LoadBalancer',
    clusterIPs: ['10.0.0.7'],
    ports: [
      { port: 80, nodePort: 30001, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ],
    selector: { a: 'b' },
  };
  expect(row({ spec })).toEqual(['n', 'LoadBalancer', '10.0.0.7', '<pending>', '80:30001/TCP,53/UDP', '60s', 'a=b']);
  const status = { loadBalancer: { ingress: [{ ip: '8.8.8.8' }, { hostname: 'lb.example.com' }] } };
  expect(row({ spec: { ...spec, externalIPs: ['1.2.3.4'] }, status })[3]).toBe('8.8.8.8,lb.example.com,1.2.3.4');
});
