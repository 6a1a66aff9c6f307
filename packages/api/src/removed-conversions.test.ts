import type { KubeObject } from '@keelson/machinery';
import type { autoscaling, discovery, extensions, flowcontrol, KindSchema, networking, rbac } from '@keelson/schema';
import { envelopePrefix, wrap } from '@keelson/schema';
import { generatedObjects } from '@keelson/schema/testing';
import type { ResourceVersion } from '@keelson/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allBuiltInGroups } from './testing/all-built-in-groups.js';

/** Changes what a generated object says into something that could be meant; what contradicts itself has no other form. */
type Sense = (object: never, pick: fc.GeneratorValue) => void;

interface Case {
  readonly depth?: number;
  readonly hub?: Sense;
  readonly old?: Sense;
}

const rbacGroup = 'rbac.authorization.k8s.io';
const hostname = 'kubernetes.io/hostname';

const metrics: autoscaling.v2.MetricSpec[] = [
  {
    type: 'Pods',
    pods: { metric: { name: 'qps', selector: { matchLabels: { a: 'b' } } }, target: { type: 'AverageValue', averageValue: '10' } },
  },
  {
    type: 'Object',
    object: {
      describedObject: { kind: 'Service', name: 's', apiVersion: 'v1' },
      target: { type: 'Value', value: '7' },
      metric: { name: 'r' },
    },
  },
  { type: 'External', external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '5' } } },
  { type: 'External', external: { metric: { name: 'q' }, target: { type: 'Value', value: '5' } } },
  { type: 'ContainerResource', containerResource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 4 }, container: 'c' } },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Mi' } } },
  // What autoscaling/v1 has a field for comes last there.
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
];
const measured: autoscaling.v2.MetricStatus[] = [
  { type: 'Pods', pods: { metric: { name: 'qps' }, current: { averageValue: '7' } } },
  { type: 'Resource', resource: { name: 'cpu', current: { averageValue: '10m', averageUtilization: 33 } } },
];

const sensibleMetrics: Sense = ({ spec, status }: autoscaling.v2.HorizontalPodAutoscaler, pick) => {
  spec.metrics = pick(fc.subarray, metrics, { minLength: 1 });
  const current = pick(fc.subarray, measured);
  status.currentMetrics = current.length === 0 ? null : current;
  if (Object.keys(spec.behavior ?? {}).length === 0) delete spec.behavior;
};

const scaleReference: Sense = ({ spec, status }: extensions.v1beta1.HorizontalPodAutoscaler) => {
  spec.scaleRef.subresource = 'scale';
  // Whatever is measured is in an annotation as well once it was read in a newer version.
  delete status.currentCPUUtilizationPercentage;
};

const sensiblePaths: Sense = ({ spec }: networking.v1.Ingress) => {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  for (const path of paths) path.pathType ??= 'Exact';
  for (const { service } of [spec.defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend) => backend ?? [])) {
    if (service === undefined) continue;
    service.name ||= 'web';
    service.port = service.port.name ? { name: service.port.name } : { number: service.port.number || 80 };
  }
};

const sensiblePorts: Sense = ({ spec }: networking.v1beta1.Ingress) => {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  for (const path of paths) path.pathType ??= 'ImplementationSpecific';
  for (const backend of [spec.backend, ...paths.map((path) => path.backend)]) if (backend?.servicePort === '') backend.servicePort = 0;
};

const ingress: Case = { depth: 8, hub: sensiblePaths, old: sensiblePorts };

const levels: Case = {
  depth: 5,
  hub: ({ spec }: flowcontrol.v1.PriorityLevelConfiguration) => {
    if (spec.limited) spec.limited.nominalConcurrencyShares ??= 0;
  },
};

const subjects: rbac.v1.Subject[] = [
  { kind: 'User', apiGroup: rbacGroup, name: 'alice' },
  { kind: 'Group', apiGroup: rbacGroup, name: 'devs' },
  { kind: 'ServiceAccount', name: 'default', namespace: 'a' },
  { kind: 'Other', apiGroup: 'example.com', name: 'x' },
];
const alphaSubjects: rbac.v1alpha1.Subject[] = [
  { kind: 'User', apiVersion: `${rbacGroup}/v1alpha1`, name: 'alice' },
  { kind: 'Group', apiVersion: `${rbacGroup}/v1alpha1`, name: 'devs' },
  { kind: 'ServiceAccount', apiVersion: 'v1', name: 'default', namespace: 'a' },
];

const bindings: Case = {
  hub: (binding: rbac.v1.RoleBinding, pick) => {
    binding.subjects = pick(fc.subarray, subjects, { minLength: 1 });
  },
  old: (binding: rbac.v1alpha1.RoleBinding, pick) => {
    binding.subjects = pick(fc.subarray, alphaSubjects, { minLength: 1 });
  },
};

const cases: Readonly<Record<string, Case>> = {
  'authorization.k8s.io/v1beta1 LocalSubjectAccessReview': {},
  'authorization.k8s.io/v1beta1 SubjectAccessReview': {},
  'autoscaling/v2beta2 HorizontalPodAutoscaler': { depth: 4, hub: sensibleMetrics },
  'autoscaling/v2beta1 HorizontalPodAutoscaler': { depth: 4, hub: sensibleMetrics },
  'extensions/v1beta1 HorizontalPodAutoscaler': { depth: 4, hub: sensibleMetrics, old: scaleReference },
  'batch/v2alpha1 CronJob': {},
  'certificates.k8s.io/v1beta1 CertificateSigningRequest': {},
  'discovery.k8s.io/v1beta1 EndpointSlice': {
    depth: 4,
    hub: ({ endpoints }: discovery.v1.EndpointSlice) => {
      for (const endpoint of endpoints ?? []) if (endpoint.nodeName === undefined) delete endpoint.deprecatedTopology?.[hostname];
    },
    old: ({ endpoints }: discovery.v1beta1.EndpointSlice, pick) => {
      for (const endpoint of endpoints ?? []) {
        const { nodeName } = endpoint;
        if (nodeName !== undefined) endpoint.topology = { ...endpoint.topology, [hostname]: pick(fc.constantFrom, nodeName, 'other') };
      }
    },
  },
  'events.k8s.io/v1beta1 Event': {},
  'extensions/v1beta1 Ingress': ingress,
  'networking.k8s.io/v1beta1 Ingress': ingress,
  'flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration': levels,
  'flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration': levels,
  'flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration': levels,
  'node.k8s.io/v1alpha1 RuntimeClass': {},
  'policy/v1beta1 PodDisruptionBudget': {},
  'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding': bindings,
  'rbac.authorization.k8s.io/v1alpha1 RoleBinding': bindings,
};

/** Definitions and workloads have tests of their own. */
const testedElsewhere =
  /^(apiextensions\.k8s\.io|apps|extensions)\/\S+ (CustomResourceDefinition|DaemonSet|Deployment|ReplicaSet|StatefulSet|ControllerRevision)$/;

const converted = [...new Set(allBuiltInGroups().flatMap(({ resources }) => resources))]
  .flatMap((resource) => [...resource.versions.values()])
  .filter(({ definition }) => definition.removed && definition.toHub !== undefined)
  .map((version) => [`${version.apiVersion} ${version.kind}`, version] as const)
  .filter(([name]) => !testedElsewhere.test(name));

/** As an object is read after it was sent or stored. */
function encoded({ codec }: KindSchema, object: KubeObject): KubeObject {
  return codec.decode(Buffer.from(codec.encode(object)));
}

function sensible(kind: KindSchema, depth: number, sense: Sense = () => undefined): fc.Arbitrary<KubeObject> {
  return fc.tuple(generatedObjects(kind, depth), fc.gen()).map(([object, pick]) => {
    const given = encoded(kind, object);
    sense(given as never, pick);
    return encoded(kind, given);
  });
}

const toOld = (version: ResourceVersion, hub: KubeObject) => encoded(version.schema, version.fromHub(structuredClone(hub)));
const toHub = (version: ResourceVersion, old: KubeObject) => encoded(version.resource.hub, version.toHub(structuredClone(old)));

it('knows every conversion', () => {
  expect(converted.map(([name]) => name).sort()).toEqual(Object.keys(cases).sort());
});

describe.each(converted)('%s', (name, version) => {
  const { depth = 3, hub: senseOfHub, old: senseOfOld } = cases[name] ?? {};

  it('says all that the newer version says', () => {
    const check = fc.property(sensible(version.resource.hub, depth, senseOfHub), (hub) => {
      expect(toHub(version, toOld(version, hub))).toEqual(hub);
    });
    fc.assert(check, { numRuns: 50 });
  });

  it('is kept by the newer version', () => {
    const check = fc.property(sensible(version.schema, depth, senseOfOld), (old) => {
      version.definition.defaults?.(old);
      expect(toOld(version, toHub(version, old))).toEqual(old);
    });
    fc.assert(check, { numRuns: 50 });
  });

  if (!version.resource.stored) return;
  it('is understood where an older server has stored it', () => {
    const check = fc.property(sensible(version.schema, depth, senseOfOld), (old) => {
      const value = wrap(envelopePrefix(version.apiVersion, version.kind), version.schema.codec.encode(old));
      const { hub, form } = version.resource;
      expect(encoded(hub, form.decode(value))).toEqual(toHub(version, old));
    });
    fc.assert(check, { numRuns: 10 });
  });
});
