import { path } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type Resource, status, wide } from '@keelson/server';
import { gatedInNodes } from '../features/gated-fields.js';
import { cidrWarnings } from '../net/ip-warnings.js';
import { roundResourceList } from '../pod/resource-list.js';
import type { Kubelets } from './connect/destinations/kubelets.js';
import { nodeDestination } from './connect/destinations/node-destination.js';
import { proxySubresource } from './connect/proxy-subresource.js';
import { validateNode, validateNodeChange } from './nodes-validation.js';

type Node = core.v1.Node;

const rolePrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';

function roles({ metadata }: Node): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) found.add(key.slice(rolePrefix.length));
    else if (key === roleLabel && value !== '') found.add(value);
  }
  return [...found].sort().join(',') || '<none>';
}

function readiness({ spec, status }: Node): string {
  const ready = status.conditions?.findLast(({ type }) => type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${text},SchedulingDisabled` : text;
}

function addressOf({ status }: Node, type: string): string {
  return status.addresses?.find((address) => address.type === type)?.address ?? '<none>';
}

/** The single pod CIDR and the list of them are one value; the single one wins where they differ. */
function alignPodCidrs(spec: core.v1.NodeSpec): void {
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
  else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
}

function warnings({ spec }: Node): string[] {
  return [
    ...(spec.configSource === undefined ? [] : ['spec.configSource: the feature is removed']),
    ...(spec.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec.podCIDRs ?? []).flatMap((cidr, i) => cidrWarnings(cidr, path('spec', 'podCIDRs').index(i))),
  ];
}

/** `kubelets`: of the nodes, which are connected to. */
export function createNodes(kubelets: Kubelets): Resource {
  return defineResource<Node>(core.v1.Node, {
    names: { plural: 'nodes', short: ['no'] },
    scope: 'Cluster',
    gatedFields: gatedInNodes,
    storage: { key: 'minions' },
    resetFields: ['status'],
    // A kubelet registers its node together with what it knows of its state.
    resetOnCreate: false,
    selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
    subresources: {
      status: status<Node>({
        prepareForUpdate(node, old) {
          if (old.status.config === undefined) delete node.status.config;
        },
        validate: validateNodeChange,
      }),
      proxy: proxySubresource('NodeProxyOptions', nodeDestination(kubelets)),
    },
    // Kubelets are not configured this way any more: what is there may stay.
    prepareForCreate({ spec, status }) {
      delete spec.configSource;
      delete status.config;
    },
    prepareForUpdate({ spec }, old) {
      if (old.spec.configSource === undefined) delete spec.configSource;
    },
    defaults({ spec, status }) {
      alignPodCidrs(spec);
      if (status.allocatable === undefined && status.capacity !== undefined) status.allocatable = { ...status.capacity };
      roundResourceList(status.capacity);
      roundResourceList(status.allocatable);
    },
    validate: validateNode,
    warnings,
    columns: [
      nameColumn(),
      col('Status', readiness),
      col('Roles', roles),
      age(),
      col('Version', ({ status }) => status.nodeInfo?.kubeletVersion ?? ''),
      wide('Internal-IP', (node) => addressOf(node, 'InternalIP')),
      wide('External-IP', (node) => addressOf(node, 'ExternalIP')),
      wide('OS-Image', ({ status }) => status.nodeInfo?.osImage || '<unknown>'),
      wide('Kernel-Version', ({ status }) => status.nodeInfo?.kernelVersion || '<unknown>'),
      wide('Container-Runtime', ({ status }) => status.nodeInfo?.containerRuntimeVersion || '<unknown>'),
    ],
  });
}
