import type { core } from '@keelson/schema';
import { age, type Column, col, nameColumn, wide } from '@keelson/server';
import { labelsText } from '../../printing/labels-text.js';

type Service = core.v1.Service;

function joined(texts: readonly string[] | undefined): string {
  return texts?.join(',') || '<none>';
}

/** Addresses that the load balancer has got, or its names. */
function ingressText({ status }: Service): string[] {
  const found = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((text) => text !== '');
  return [...new Set(found)].sort();
}

function externalText(service: Service): string {
  const { type, externalName = '', externalIPs } = service.spec;
  switch (type) {
    case 'ExternalName':
      return externalName;
    case 'ClusterIP':
    case 'NodePort':
      return joined(externalIPs);
    case 'LoadBalancer': {
      const all = [...ingressText(service), ...(externalIPs ?? [])];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    default:
      return '<unknown>';
  }
}

function portText({ port, nodePort, protocol = '' }: core.v1.ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn(),
  col('Type', ({ spec }) => spec.type ?? ''),
  col('Cluster-IP', ({ spec }) => spec.clusterIPs?.[0] ?? '<none>'),
  col('External-IP', externalText),
  col('Port(s)', ({ spec }) => joined(spec.ports?.map(portText))),
  age(),
  wide('Selector', ({ spec }) => labelsText(spec.selector)),
];
