import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, target } from '../../testing/attributes.js';
import { amountTexts } from '../amounts.js';
import { scopeOf } from '../scope.js';
import { matchesScope, type QuotaEvaluator } from './evaluator.js';
import { evaluatorFor, measuredResource } from './evaluator-for.js';

type Pod = core.v1.Pod;

function of(resource: string, group = ''): QuotaEvaluator {
  return evaluatorFor({ group, resource }) as QuotaEvaluator;
}

function used(resource: string, object: object, group = ''): Record<string, string> {
  return amountTexts(of(resource, group).usage({ metadata: {}, ...object } as KubeObject));
}

function pod(spec: Partial<core.v1.PodSpec>, status: Partial<core.v1.PodStatus> = {}, metadata: KubeObject['metadata'] = {}): Pod {
  return { metadata, spec: { containers: [], ...spec }, status };
}

function container(requests: Record<string, string>, limits: Record<string, string> = {}, name = 'c'): core.v1.Container {
  return { name, resources: { requests, limits } };
}

/** Which writes are measured, as `OPERATION/subresource`. */
function handled(evaluator: QuotaEvaluator, object: KubeObject = pod({}), oldObject: KubeObject = object): string[] {
  const written = (operation: AdmissionAttributes['operation'], subresource: string) =>
    attributes(target('', 'Any', 'any'), operation, object, { subresource, ...(operation === 'UPDATE' && { oldObject }) });
  return (['CREATE', 'UPDATE'] as const).flatMap((operation) =>
    ['', 'status', 'resize', 'binding'].flatMap((subresource) =>
      evaluator.handles(written(operation, subresource)) ? `${operation}/${subresource}` : [],
    ),
  );
}

describe('pods', () => {
  it('use what their containers ask for, by every name that quotas have for it', () => {
    const asked = { cpu: '1', memory: '1Gi', 'ephemeral-storage': '2Gi', 'hugepages-2Mi': '4Mi', 'example.com/gpu': '2' };
    expect(
      used(
        'pods',
        pod({ containers: [container(asked, { cpu: '2', memory: '2Gi', 'ephemeral-storage': '3Gi', 'hugepages-2Mi': '4Mi' })] }),
      ),
    ).toEqual({
      'count/pods': '1',
      pods: '1',
      cpu: '1',
      'requests.cpu': '1',
      'limits.cpu': '2',
      memory: '1Gi',
      'requests.memory': '1Gi',
      'limits.memory': '2Gi',
      'ephemeral-storage': '2Gi',
      'requests.ephemeral-storage': '2Gi',
      'limits.ephemeral-storage': '3Gi',
      'hugepages-2Mi': '4Mi',
      'requests.hugepages-2Mi': '4Mi',
      'requests.example.com/gpu': '2',
    });
  });

  it('use what an init container needs beside its sidecars, if that is more, and their overhead', () => {
    const spec: Partial<core.v1.PodSpec> = {
      containers: [container({ cpu: '1' }, { cpu: '1' })],
      initContainers: [{ ...container({ cpu: '500m' }, {}, 's'), restartPolicy: 'Always' }, container({ cpu: '2' }, {}, 'i')],
      overhead: { cpu: '100m', memory: '1Mi' },
    };
    expect(used('pods', pod(spec))).toMatchObject({ 'requests.cpu': '2600m', 'limits.cpu': '1100m', memory: '1Mi' });
    expect(used('pods', pod(spec))).not.toHaveProperty('limits.memory');
  });

  it('use what they state as a whole', () => {
    const resources = { requests: { cpu: '3', 'hugepages-2Mi': '8Mi' }, limits: { cpu: '4' } };
    const spec = { resources, containers: [container({ cpu: '1', memory: '1Gi' }, { cpu: '1', memory: '2Gi' })] };
    expect(used('pods', pod(spec))).toMatchObject({
      'requests.cpu': '3',
      'limits.cpu': '4',
      'requests.memory': '1Gi',
      'limits.memory': '2Gi',
      'hugepages-2Mi': '8Mi',
    });
  });

  it('use the most that they may have while they are resized', () => {
    const spec = { containers: [container({ cpu: '1' }, { cpu: '2' })] };
    const actual = { name: 'c', resources: { requests: { cpu: '500m' }, limits: { cpu: '3' } }, allocatedResources: { cpu: '1500m' } };
    const status = { containerStatuses: [actual as unknown as core.v1.ContainerStatus] };
    expect(used('pods', pod(spec, status))).toMatchObject({ 'requests.cpu': '1500m', 'limits.cpu': '3' });
    const infeasible = { type: 'PodResizePending', status: 'True', reason: 'Infeasible' } as core.v1.PodCondition;
    const wanted = { containers: [container({ cpu: '9' }, { cpu: '9' })] };
    expect(used('pods', pod(wanted, { ...status, conditions: [infeasible] }))).toMatchObject({
      'requests.cpu': '1500m',
      'limits.cpu': '3',
    });
  });

  it('are only counted when they have ended', () => {
    const spec = { containers: [container({ cpu: '1' })] };
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    const leaving = (seconds: number) => pod(spec, {}, { deletionTimestamp: ago(seconds), deletionGracePeriodSeconds: 30 });
    expect(used('pods', pod(spec, { phase: 'Succeeded' }))).toEqual({ 'count/pods': '1' });
    expect(used('pods', pod(spec, { phase: 'Failed' }))).toEqual({ 'count/pods': '1' });
    expect(used('pods', leaving(40))).toEqual({ 'count/pods': '1' });
    expect(used('pods', leaving(10))).toMatchObject({ pods: '1', cpu: '1' });
  });

  it('must state cpu and memory where these have a quota', () => {
    const names = new Set(['limits.memory', 'cpu', 'requests.ephemeral-storage', 'requests.cpu']);
    const one = pod({
      containers: [container({ cpu: '1' }, {}, 'b'), container({}, { memory: '1Gi' }, 'a')],
      initContainers: [container({}, {}, 'i')],
    });
    expect(of('pods').missing?.(names, one)).toBe('must specify cpu for: a,i; limits.memory for: b,i; requests.cpu for: a,i');
    expect(of('pods').missing?.(new Set(['requests.ephemeral-storage']), one)).toBeUndefined();
    expect(of('pods').missing?.(names, pod({ ...one.spec, resources: { limits: { cpu: '1' } } }))).toBeUndefined();
  });

  const term = (more: object) => ({ topologyKey: 'k', ...more });
  const affinity = (one: object): Partial<core.v1.PodSpec> => ({ affinity: one as core.v1.Affinity });

  it.each<[string, string, string[], Partial<core.v1.PodSpec>, boolean]>([
    ['Terminating', 'Exists', [], { activeDeadlineSeconds: 5 }, true],
    ['Terminating', 'Exists', [], {}, false],
    ['NotTerminating', 'Exists', [], {}, true],
    ['NotTerminating', 'Exists', [], { activeDeadlineSeconds: 0 }, false],
    ['BestEffort', 'Exists', [], { containers: [container({ 'ephemeral-storage': '1' })] }, true],
    ['BestEffort', 'Exists', [], { containers: [container({ cpu: '1' })] }, false],
    ['NotBestEffort', 'Exists', [], { containers: [container({ cpu: '1' })] }, true],
    ['PriorityClass', 'Exists', [], { priorityClassName: 'high' }, true],
    ['PriorityClass', 'Exists', [], { priorityClassName: '' }, false],
    ['PriorityClass', 'DoesNotExist', [], {}, true],
    ['PriorityClass', 'In', ['low', 'high'], { priorityClassName: 'high' }, true],
    ['PriorityClass', 'In', ['low'], {}, false],
    ['PriorityClass', 'NotIn', ['low'], { priorityClassName: 'low' }, false],
    ['PriorityClass', 'NotIn', ['low'], {}, true],
    [
      'CrossNamespacePodAffinity',
      'Exists',
      [],
      affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ namespaces: ['a'] })] } }),
      true,
    ],
    [
      'CrossNamespacePodAffinity',
      'Exists',
      [],
      affinity({
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term({ namespaceSelector: {} }) }],
        },
      }),
      true,
    ],
    [
      'CrossNamespacePodAffinity',
      'Exists',
      [],
      affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ namespaces: [] })] } }),
      false,
    ],
    ['VolumeAttributesClass', 'Exists', [], {}, false],
  ])('are of scope %s (%s %j): %j %s', (scopeName, operator, values, spec, expected) => {
    expect(matchesScope(of('pods'), scopeOf({ scopeName, operator, values }), pod(spec))).toBe(expected);
  });

  it('are measured when they are made, resized, or change their scope', () => {
    expect(handled(of('pods'))).toEqual(['CREATE/', 'UPDATE/resize']);
    expect(handled(of('pods'), pod({ activeDeadlineSeconds: 1 }), pod({}))).toEqual(['CREATE/', 'UPDATE/', 'UPDATE/resize']);
  });
});

describe('services', () => {
  const ports = [{ port: 80 }, { port: 81, nodePort: 30000 }];

  it.each<[object, number, number]>([
    [{ type: 'ClusterIP', ports }, 0, 0],
    [{ type: 'NodePort', ports }, 2, 0],
    [{ type: 'LoadBalancer', ports }, 2, 1],
    [{ type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false }, 1, 1],
    [{ type: 'ExternalName' }, 0, 0],
  ])('%j: %i node ports, %i load balancers', (spec, nodePorts, loadBalancers) => {
    expect(used('services', { spec })).toEqual({
      'count/services': '1',
      services: '1',
      'services.nodeports': String(nodePorts),
      'services.loadbalancers': String(loadBalancers),
    });
  });

  it('are measured when they change, for they may change their type', () => {
    expect(handled(of('services'))).toContain('UPDATE/');
  });
});

describe('claims of volumes', () => {
  const claim = (storage: string | undefined, more: object = {}, status: object = {}) => ({
    spec: { resources: { ...(storage !== undefined && { requests: { storage } }) }, ...more },
    status,
  });

  it('use storage, by its class as well', () => {
    expect(used('persistentvolumeclaims', claim('1Gi'))).toEqual({
      persistentvolumeclaims: '1',
      'count/persistentvolumeclaims': '1',
      'requests.storage': '1Gi',
    });
    const gold = 'gold.storageclass.storage.k8s.io/';
    expect(used('persistentvolumeclaims', claim('1500m', { storageClassName: 'gold' }))).toMatchObject({
      'requests.storage': '2',
      [`${gold}requests.storage`]: '2',
      [`${gold}persistentvolumeclaims`]: '1',
    });
    const annotated = { metadata: { annotations: { 'volume.beta.kubernetes.io/storage-class': 'gold' } }, ...claim(undefined) };
    expect(used('persistentvolumeclaims', annotated)).toEqual({
      persistentvolumeclaims: '1',
      'count/persistentvolumeclaims': '1',
      [`${gold}persistentvolumeclaims`]: '1',
    });
  });

  it('use what they have been allocated while they shrink', () => {
    const allocated = (storage: string) => claim('2Gi', {}, { allocatedResources: { storage } });
    expect(used('persistentvolumeclaims', allocated('3Gi'))['requests.storage']).toBe('3Gi');
    expect(used('persistentvolumeclaims', allocated('1Gi'))['requests.storage']).toBe('2Gi');
  });

  it('are of the scope of every class that they have or are to have', () => {
    const matches = (operator: string, values: string[], object: object) =>
      matchesScope(of('persistentvolumeclaims'), scopeOf({ scopeName: 'VolumeAttributesClass', operator, values }), object as KubeObject);
    const moving = claim(
      '1',
      { volumeAttributesClassName: 'a' },
      { modifyVolumeStatus: { targetVolumeAttributesClassName: 'b', status: 'x' } },
    );
    expect([matches('In', ['a'], moving), matches('In', ['b'], moving), matches('In', ['c'], moving)]).toEqual([true, true, false]);
    expect([matches('Exists', [], moving), matches('Exists', [], claim('1')), matches('DoesNotExist', [], claim('1'))]).toEqual([
      true,
      false,
      true,
    ]);
    expect(matchesScope(of('persistentvolumeclaims'), scopeOf({ scopeName: 'Terminating', operator: 'Exists' }), claim('1') as never)).toBe(
      false,
    );
  });

  it('are measured when their status tells of them', () => {
    expect(handled(of('persistentvolumeclaims'))).toEqual(['CREATE/', 'UPDATE/', 'UPDATE/status']);
  });
});

describe('claims of devices', () => {
  it('use at most what they may be given, by device class', () => {
    const requests = [
      { name: 'a', exactly: { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 2 } },
      { name: 'b', exactly: { deviceClassName: 'nic', allocationMode: 'All' } },
      {
        name: 'c',
        firstAvailable: [
          { name: 'x', deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 3 },
          { name: 'y', deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 },
          { name: 'z', deviceClassName: 'fpga', allocationMode: 'ExactCount', count: 1 },
        ],
      },
    ];
    expect(used('resourceclaims', { spec: { devices: { requests } } }, 'resource.k8s.io')).toEqual({
      'count/resourceclaims.resource.k8s.io': '1',
      'gpu.deviceclass.resource.k8s.io/devices': '5',
      'nic.deviceclass.resource.k8s.io/devices': '32',
      'fpga.deviceclass.resource.k8s.io/devices': '1',
    });
  });
});

describe('everything else', () => {
  it('is counted', () => {
    expect(used('deployments', {}, 'apps')).toEqual({ 'count/deployments.apps': '1' });
    expect(used('secrets', {})).toEqual({ 'count/secrets': '1', secrets: '1' });
    expect(used('widgets', {}, 'example.com')).toEqual({ 'count/widgets.example.com': '1' });
    expect(handled(of('secrets'))).toEqual(['CREATE/']);
    expect(matchesScope(of('secrets'), scopeOf({ scopeName: 'BestEffort', operator: 'Exists' }), pod({}))).toBe(false);
  });

  it('but for what comes and goes by itself', () => {
    expect([evaluatorFor({ group: '', resource: 'events' }), evaluatorFor({ group: 'events.k8s.io', resource: 'events' })]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('measuredResource', () => {
  it.each<[string, string | undefined]>([
    ['pods', 'pods.'],
    ['count/pods', 'pods.'],
    ['limits.memory', 'pods.'],
    ['requests.hugepages-1Gi', 'pods.'],
    ['requests.example.com/gpu', 'pods.'],
    ['services.nodeports', 'services.'],
    ['requests.storage', 'persistentvolumeclaims.'],
    ['gold.storageclass.storage.k8s.io/requests.storage', 'persistentvolumeclaims.'],
    ['gpu.deviceclass.resource.k8s.io/devices', 'resourceclaims.resource.k8s.io'],
    ['secrets', 'secrets.'],
    ['count/secrets', 'secrets.'],
    ['count/cronjobs.batch', 'cronjobs.batch'],
    ['count/widgets.a.example.com', 'widgets.a.example.com'],
    ['deployments', undefined],
    ['count/events', undefined],
    ['storage', undefined],
  ])('of %s is %s', (name, expected) => {
    const found = measuredResource(name);
    expect(found && `${found.resource}.${found.group}`).toBe(expected);
  });
});
