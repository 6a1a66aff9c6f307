import type { JsonObject, KubeObject } from '@keelson/machinery';
import { apps, autoscaling, core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { defineResource, type Resource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { scale, status } from '../resource/subresources.js';
import { servedVersion } from './served-version.js';

type Deployment = apps.v1.Deployment;

/** A resource whose other version writes `spec.paused` as an annotation. */
function deployments(): Resource {
  return defineResource<Deployment>(apps.v1.Deployment, {
    names: { plural: 'deployments' },
    scope: 'Namespaced',
    storage: { key: 'deployments' },
    defaults({ spec }) {
      spec.replicas ??= 1;
    },
    versions: [
      {
        kind: apps.v1beta2.Deployment as never,
        fromHub: (hub) => ({ ...hub, metadata: { ...hub.metadata, annotations: { paused: String(hub.spec.paused ?? false) } } }) as never,
        toHub: (object) => ({ ...(object as Deployment), spec: { ...(object as Deployment).spec, paused: true } }),
      },
    ],
    subresources: {
      status: status(),
      scale: scale<Deployment>({
        kind: autoscaling.v1.Scale as never,
        specReplicas: ({ spec }) => spec.replicas,
        setSpecReplicas({ spec }, replicas) {
          spec.replicas = replicas;
        },
        statusReplicas: ({ status: { replicas } }) => replicas,
      }),
    },
  });
}

function versions(resource: Resource): [ResourceVersion, ResourceVersion] {
  const [v1, v1beta2] = ['apps/v1', 'apps/v1beta2'].map((name) => resource.byApiVersion(name));
  if (v1 === undefined || v1beta2 === undefined) throw new Error('a version is missing');
  resource.serve(v1, true);
  resource.serve(v1beta2, true);
  return [v1, v1beta2];
}

const deployment = () => ({ metadata: { name: 'web', labels: { a: 'b' } }, spec: { replicas: 3 } }) as unknown as Deployment;
const json = (object: KubeObject) => structuredClone(object) as unknown as JsonObject;

describe('a served version', () => {
  it('is the same for every request, until other versions are served', () => {
    const resource = deployments();
    const [v1, v1beta2] = versions(resource);
    const before = servedVersion(v1, '');
    expect(servedVersion(v1, '')).toBe(before);
    expect(before.equivalents).toEqual([servedVersion(v1beta2, '')]);
    resource.serve(v1beta2, false);
    expect(servedVersion(v1, '')).not.toBe(before);
    expect(servedVersion(v1, '').equivalents).toEqual([]);
  });

  it('names its resource and kind, those of subresources too', () => {
    const [v1, v1beta2] = versions(deployments());
    const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
    expect(servedVersion(v1, 'status')).toMatchObject({
      resource,
      subresource: 'status',
      kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    });
    expect(servedVersion(v1, 'scale')).toMatchObject({
      resource,
      subresource: 'scale',
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    });
    expect(servedVersion(v1beta2, '').resource).toEqual({ ...resource, version: 'v1beta2' });
  });

  it('shows objects whole, in its own shape', () => {
    const [v1, v1beta2] = versions(deployments());
    const hub = deployment();
    expect(servedVersion(v1, '').view(hub)).toMatchObject({ kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 3 }, status: {} });
    expect(servedVersion(v1beta2, '').view(hub)).toMatchObject({
      apiVersion: 'apps/v1beta2',
      metadata: { name: 'web', annotations: { paused: 'false' } },
    });
    expect(hub).toEqual(deployment());
  });

  it('reads what became of them into the hub’s shape, with defaults', () => {
    const [v1, v1beta2] = versions(deployments());
    const hub = deployment();
    servedVersion(v1, '').update(hub, { ...json(servedVersion(v1, '').view(hub)), spec: { paused: false } });
    expect([hub.spec.replicas, hub.metadata.name]).toEqual([1, 'web']);
    servedVersion(v1beta2, '').update(hub, json(servedVersion(v1beta2, '').view(hub)));
    expect(hub.spec.paused).toBe(true);
  });

  it('shows and changes a part where it is served as one', () => {
    const [v1] = versions(deployments());
    const served = servedVersion(v1, 'scale');
    const hub = deployment();
    const view = served.view(hub);
    expect(view).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'web' }, spec: { replicas: 3 } });
    expect([served.labels(hub), servedVersion(v1, 'status').labels(hub)]).toEqual([undefined, { a: 'b' }]);
    served.update(hub, { ...json(view), spec: { replicas: 5 } });
    expect([hub.spec.replicas, hub.metadata.labels]).toEqual([5, { a: 'b' }]);
  });

  it('takes no other kind for its own', () => {
    const [v1] = versions(deployments());
    const served = servedVersion(v1, '');
    const other = { ...json(served.view(deployment())), kind: 'Pod' };
    expect(() => served.update(deployment(), other)).toThrow('apps/v1, Kind=Pod cannot be made of apps/v1, Kind=Deployment');
    const wrong = { ...json(served.view(deployment())), spec: { replicas: 'many' } };
    expect(() => served.update(deployment(), wrong)).toThrow('cannot unmarshal string into Go struct field');
  });

  it('of a connection is that of its options', () => {
    const pods = defineResource(core.v1.Pod, {
      names: { plural: 'pods' },
      scope: 'Namespaced',
      storage: { key: 'pods' },
      subresources: { exec: { type: 'connect', kind: 'PodExecOptions', methods: ['GET'] } },
    });
    const exec = servedVersion(pods.byApiVersion('v1') as ResourceVersion, 'exec');
    const options = { container: 'c', command: ['ls'] } as unknown as KubeObject;
    expect([exec.kind, exec.resource, exec.labels(options)]).toEqual([
      { group: '', version: 'v1', kind: 'PodExecOptions' },
      { group: '', version: 'v1', resource: 'pods' },
      undefined,
    ]);
    expect(exec.view(options)).toEqual({ kind: 'PodExecOptions', apiVersion: 'v1', container: 'c', command: ['ls'] });
    exec.update(options, { command: ['sh'] });
    expect(options).toEqual({ command: ['sh'] });
  });
});
