import {
  type ApiError,
  type FieldError,
  internalError,
  invalid,
  invalidField,
  path,
  pathSegmentName,
  underFeatures,
} from '@keelson/machinery';
import { core } from '@keelson/schema';
import type { Reservation, WriteContext } from '@keelson/server';
import type { IpFamily } from '../../net/ip-address.js';
import { type ClusterIpAllocator, IpAllocationError, IpRangeFullError } from './cluster-ip-allocator.js';
import { initIpFamilies } from './ip-families.js';
import { type NodePortAllocator, PortAllocationError, PortRangeFullError } from './node-port-allocator.js';
import { planNodePorts } from './node-port-plan.js';
import type { IpOwner } from './service-address.js';
import { heldIps, heldPorts } from './service-holdings.js';
import { isExternalName, isHeadless } from './service-traits.js';

type Service = core.v1.Service;
type Step = () => Promise<void>;

/** Gets services what exists once in a cluster: addresses and node ports. */
export class ServiceAllocator {
  readonly #ips: ClusterIpAllocator;
  readonly #ports: NodePortAllocator;

  constructor(ips: ClusterIpAllocator, ports: NodePortAllocator) {
    this.#ips = ips;
    this.#ports = ports;
  }

  /** Completes a service, in place, with what it needs and has not. */
  async reserve(service: Service, old: Service | undefined, { dryRun, features }: WriteContext): Promise<Reservation> {
    underFeatures(features, () => this.#check(service, old));
    const cancel: Step[] = [];
    const confirm: Step[] = [];
    try {
      await this.#reserveIps(service, old, dryRun, cancel);
      await this.#reservePorts(service, old, dryRun, cancel);
    } catch (error) {
      await runAll(cancel);
      throw error;
    }
    if (old !== undefined && !dryRun) confirm.push(() => this.#releaseLost(service, old));
    return { confirm: () => runAll(confirm), cancel: () => runAll(cancel) };
  }

  /** Gives back all that a service has. */
  async release(service: Service): Promise<void> {
    for (const ip of heldIps(service)) await this.#ips.release(ip, ownerOf(service));
    await this.#ports.release(heldPorts(service));
  }

  #check(service: Service, old: Service | undefined): void {
    const errors = initIpFamilies(service, old, this.#ips.families);
    if (errors.length > 0) throw refused(service, errors);
  }

  /** A new service gets all its addresses, and one that takes the second family the second. Others do not change: validation says so. */
  async #reserveIps(service: Service, old: Service | undefined, dryRun: boolean, cancel: Step[]): Promise<void> {
    const { spec } = service;
    if (isExternalName(service)) return;
    const isNew = old === undefined || isExternalName(old);
    const families = (spec.ipFamilies ?? []) as IpFamily[];
    const takesSecond = old?.spec.ipFamilies?.length === 1 && families.length === 2;
    if (isNew ? isHeadless(service) : isHeadless(old) || !takesSecond) return;
    const ips = isNew ? [] : (spec.clusterIPs ?? []).slice(0, 1);
    for (const [i, family] of families.entries()) {
      if (i >= ips.length) ips.push(await this.#reserveIp(service, spec.clusterIPs?.[i], family, dryRun, cancel));
    }
    spec.clusterIPs = ips;
    if (isNew) spec.clusterIP = ips[0] ?? '';
  }

  async #reserveIp(service: Service, asked: string | undefined, family: IpFamily, dryRun: boolean, cancel: Step[]): Promise<string> {
    const owner = ownerOf(service);
    try {
      if (dryRun) return await this.#pretendIp(asked, family);
      // An address refers to its service by name; what cannot be a name cannot be referred to.
      if (owner.name === '' || pathSegmentName(owner.name).length > 0) throw new IpRangeFullError('range is full');
      const ip = asked ?? (await this.#ips.takeNext(family, owner));
      if (asked !== undefined) await this.#ips.take(asked, owner);
      cancel.push(() => this.#ips.release(ip, owner));
      return ip;
    } catch (error) {
      if (error instanceof IpRangeFullError) throw internalError(`failed to allocate a serviceIP: ${error.message}`);
      if (!(error instanceof IpAllocationError)) throw error;
      const why = `failed to allocate IP ${asked ?? ''}: ${error.message}`;
      throw refused(service, [invalidField(path('spec', 'clusterIPs'), service.spec.clusterIPs, why)]);
    }
  }

  async #pretendIp(asked: string | undefined, family: IpFamily): Promise<string> {
    if (asked === undefined) return this.#ips.pretendNext(family);
    await this.#ips.pretend(asked);
    return asked;
  }

  async #reservePorts(service: Service, old: Service | undefined, dryRun: boolean, cancel: Step[]): Promise<void> {
    const plan = planNodePorts(service, old);
    try {
      const wish = plan.map(({ asked }) => asked);
      const chosen = dryRun ? await this.#ports.pretend(wish) : await this.#ports.take(wish);
      if (!dryRun) cancel.push(() => this.#ports.release(chosen));
      for (const [i, { assign }] of plan.entries()) assign(chosen[i] ?? 0);
    } catch (error) {
      if (error instanceof PortRangeFullError) throw internalError(`failed to allocate a nodePort: ${error.message}`);
      if (!(error instanceof PortAllocationError)) throw error;
      const at = plan[error.index]?.at;
      if (at === undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${error.port}: ${error.message}`);
      throw refused(service, [invalidField(at, error.port, error.message)]);
    }
  }

  /** What the old service had and the new one has no more. */
  async #releaseLost(service: Service, old: Service): Promise<void> {
    const ips = new Set(heldIps(service));
    for (const ip of heldIps(old)) if (!ips.has(ip)) await this.#ips.release(ip, ownerOf(old));
    const ports = new Set(heldPorts(service));
    await this.#ports.release(heldPorts(old).filter((port) => !ports.has(port)));
  }
}

function ownerOf({ metadata }: Service): IpOwner {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function refused({ metadata }: Service, errors: readonly FieldError[]): ApiError {
  return invalid(core.v1.Service, metadata.name ?? '', errors);
}

async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step();
}
