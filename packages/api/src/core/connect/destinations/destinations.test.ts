import type { ApiError, KubeObject } from '@keelson/machinery';
import type { RequestInfo, Resource, Target } from '@keelson/server';
import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBuiltInGroups } from '../../../testing/all-built-in-groups.js';
import { ClusterAgents } from './cluster-agents.js';
import { podDestination } from './pod-destination.js';
import { serviceDestination } from './service-destination.js';

const resources = new Map<string, Resource>();
const resource = (plural: string) => resources.get(plural) as Resource;

async function store(plural: string, object: object): Promise<void> {
  const of = resource(plural);
  const { name } = (object as KubeObject).metadata;
  const complete = of.hub.codec.fromJson(object as never);
  await of.store.create(of.path('default', name ?? ''), of.form.encode(complete));
}

function target(plural: string, name: string): Target {
  return { version: resource(plural).byApiVersion('v1'), info: { namespace: 'default', name } as RequestInfo } as Target;
}

async function outcome(finding: Promise<{ host: string; port: number; secure: boolean }>): Promise<string> {
  try {
    const { host, port, secure } = await finding;
    return `${secure ? 'https' : 'http'} ${host} ${port}`;
  } catch (error) {
    return `${(error as ApiError).code} ${(error as ApiError).message}`;
  }
}

const container = (...ports: number[]) => ({ name: 'c', ports: ports.map((containerPort) => ({ containerPort })) });
const pod = (name: string, ip: string, ...ports: number[]) => ({
  metadata: { name, namespace: 'default' },
  spec: { containers: [container(), container(...ports)] },
  status: { podIPs: [{ ip }] },
});
const ready = (ip: string, name: string, namespace = 'default') => ({ ip, targetRef: { kind: 'Pod', name, namespace } });

beforeAll(async () => {
  const groups = allBuiltInGroups();
  await startTestServer({ groups });
  for (const { resources: all } of groups.filter(({ group }) => group === '')) for (const one of all) resources.set(one.resource, one);
  await store('pods', pod('web', '10.1.0.1', 8080, 9090));
  await store('pods', pod('bare', 'fd00::7'));
  await store('pods', pod('own', '127.0.0.1', 80));
  await store('pods', pod('link', '169.254.169.254', 80));
  await store('pods', { metadata: { name: 'new', namespace: 'default' }, spec: { containers: [container(80)] } });
  const ports = [
    { name: 'http', port: 80 },
    { name: 'tls', port: 443 },
  ];
  for (const name of ['web', 'foreign', 'idle']) await store('services', { metadata: { name, namespace: 'default' }, spec: { ports } });
  const subset = (...addresses: object[]) => ({
    addresses,
    ports: [
      { name: 'http', port: 8080 },
      { name: 'tls', port: 8443 },
    ],
  });
  await store('endpoints', {
    metadata: { name: 'web', namespace: 'default' },
    subsets: [subset(ready('10.1.0.9', 'web'), ready('10.1.0.1', 'web'))],
  });
  await store('endpoints', {
    metadata: { name: 'foreign', namespace: 'default' },
    subsets: [subset({ ip: '10.1.0.1' }, ready('10.1.0.1', 'web', 'other'), ready('10.1.0.1', 'gone'))],
  });
  await store('endpoints', { metadata: { name: 'idle', namespace: 'default' } });
});

afterAll(stopTestServers);

describe('a pod is reached at', () => {
  it.each([
    ['web', 'http 10.1.0.1 8080'],
    ['web:9090', 'http 10.1.0.1 9090'],
    ['https:web:9090', 'https 10.1.0.1 9090'],
    ['https:bare:', 'https fd00::7 443'],
    ['bare', 'http fd00::7 80'],
    ['own', '400 address not allowed'],
    ['link', '400 address not allowed'],
    ['new', '400 address not allowed'],
    ['web:x', '400 invalid port "x"'],
    ['a:b:c:d', '400 invalid pod request "a:b:c:d"'],
    ['gone', '404 pods "gone" not found'],
  ])('%s: %s', async (name, expected) => {
    expect(await outcome(podDestination(new ClusterAgents())(target('pods', name)))).toBe(expected);
  });
});

describe('a service is reached at a pod that stands behind it', () => {
  it.each([
    ['web:http', 'http 10.1.0.1 8080'],
    ['web:80', 'http 10.1.0.1 8080'],
    ['https:web:443', 'https 10.1.0.1 8443'],
    ['web:81', '503 no service port 81 found for service "web"'],
    ['web', '503 no endpoints available for service "web"'],
    ['web:other', '503 no endpoints available for service "web"'],
    ['foreign:http', '503 no endpoints available for service "foreign"'],
    ['idle:http', '503 no endpoints available for service "idle"'],
    ['gone:http', '404 endpoints "gone" not found'],
    ['gone:80', '404 services "gone" not found'],
    ['ftp:web:80', '400 invalid service request "ftp:web:80"'],
  ])('%s: %s', async (name, expected) => {
    const find = serviceDestination({ endpoints: resource('endpoints'), pods: resource('pods'), agents: new ClusterAgents() });
    expect(await outcome(find(target('services', name)))).toBe(expected);
  });
});
