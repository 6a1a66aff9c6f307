import { type AdmissionAttributes, type AdmissionPlugin, aggregate } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import type { CompiledLimits } from './compiled-limits.js';
import { defaultContainerResources } from './container-defaults.js';
import { type Demand, demandOfClaim, demandOfContainer, demandOfPod } from './demands.js';
import type { LimitRanges } from './limit-ranges.js';

/** Holds containers, pods and claims to the LimitRanges of their namespace, and gives containers the defaults of these. */
export class LimitRanger implements AdmissionPlugin {
  readonly name = 'LimitRanger';
  readonly handles = onCreateAndUpdate;
  readonly resources = ['pods', 'persistentvolumeclaims'];
  readonly #limits: LimitRanges;

  constructor(limits: LimitRanges) {
    this.#limits = limits;
  }

  admit(attributes: AdmissionAttributes): Promise<void> | void {
    if (limited(attributes) !== 'pod') return;
    return this.#withLimits(attributes.namespace, (ranges) => {
      for (const limits of ranges) defaultContainerResources(attributes.object as core.v1.Pod, limits);
    });
  }

  validate(attributes: AdmissionAttributes): Promise<void> | void {
    const what = limited(attributes);
    if (what === undefined) return;
    return this.#withLimits(attributes.namespace, (ranges) => hold(attributes, what, ranges));
  }

  /** At once where the limits are known. */
  #withLimits(namespace: string, use: (ranges: readonly CompiledLimits[]) => void): Promise<void> | void {
    const ranges = this.#limits.in(namespace);
    return ranges instanceof Promise ? ranges.then(use) : use(ranges);
  }
}

function hold(attributes: AdmissionAttributes, what: 'pod' | 'claim', ranges: readonly CompiledLimits[]): void {
  if (ranges.length === 0) return;
  const { object } = attributes;
  const demands = what === 'pod' ? demandsOfPod(object as core.v1.Pod) : demandsOfClaim(object as core.v1.PersistentVolumeClaim);
  for (const limits of ranges) {
    const problems = problemsWith(demands, limits);
    if (problems.length > 0) throw refusedWrite(attributes, aggregate(problems));
  }
}

/**
 * Containers of a pod cannot be changed but by a resize. What is on its way out is let be: whoever takes a finalizer off
 * cannot help its size.
 */
function limited({ resource, subresource, operation, oldObject }: AdmissionAttributes): 'pod' | 'claim' | undefined {
  if (resource.group !== '' || oldObject?.metadata.deletionTimestamp !== undefined) return undefined;
  if (resource.resource === 'pods') return (operation === 'CREATE' ? subresource === '' : subresource === 'resize') ? 'pod' : undefined;
  return resource.resource === 'persistentvolumeclaims' && subresource === '' ? 'claim' : undefined;
}

/** By the type of the limits that are held against them. */
type Demands = Readonly<Record<string, () => readonly Demand[]>>;

function demandsOfPod({ spec }: core.v1.Pod): Demands {
  return {
    Container: () => [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(demandOfContainer),
    Pod: () => [demandOfPod(spec)],
  };
}

function demandsOfClaim({ spec }: core.v1.PersistentVolumeClaim): Demands {
  return { PersistentVolumeClaim: () => [demandOfClaim(spec)] };
}

function problemsWith(demands: Demands, { constraints }: CompiledLimits): string[] {
  return constraints.flatMap(({ type, holds }) => {
    const all = Object.hasOwn(demands, type) ? (demands[type]?.() ?? []) : [];
    return all.flatMap((demand) => holds.flatMap((constraint) => constraint(demand) ?? []));
  });
}
