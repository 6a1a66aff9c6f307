import { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { ONE } from '../amounts.js';
import { objectCountName, type QuotaEvaluator } from './evaluator.js';

type Service = core.v1.Service;

const COUNT = objectCountName({ group: '', resource: 'services' });
const TRACKED = new Set([COUNT, 'services', 'services.nodeports', 'services.loadbalancers']);

/** Counts services, their node ports and load balancers. */
export const services: QuotaEvaluator<Service> = {
  // A service can change its type.
  handles: ({ operation }) => operation === 'CREATE' || operation === 'UPDATE',
  tracks: (name) => TRACKED.has(name),
  usage({ spec }) {
    return new Map([
      [COUNT, ONE],
      ['services', ONE],
      ['services.loadbalancers', spec.type === 'LoadBalancer' ? ONE : Quantity.zero],
      ['services.nodeports', Quantity.of(nodePorts(spec))],
    ]);
  },
};

/** How many it has or will be given: they are allocated later. */
function nodePorts({ type, ports, allocateLoadBalancerNodePorts }: core.v1.ServiceSpec): number {
  if (type !== 'NodePort' && type !== 'LoadBalancer') return 0;
  const isGivenAll = type === 'NodePort' || allocateLoadBalancerNodePorts !== false;
  return (ports ?? []).filter(({ nodePort }) => isGivenAll || nodePort).length;
}
