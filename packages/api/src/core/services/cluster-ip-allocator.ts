import { setImmediate } from 'node:timers/promises';
import { newUid, TimeSlice, timeNow } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import type { Resource } from '@keelson/server';
import { isStorageError } from '@keelson/storage';
import { formatIp, type IpFamily, parseIp } from '../../net/ip-address.js';
import { formatIpRange, type IpRange, parseIpRange } from '../../net/ip-range.js';
import type { ClusterIpMetrics, RangeUse } from './allocation-metrics.js';
import { type IpOwner, isSameOwner, serviceAddress, serviceOfAddress } from './service-address.js';
import { offersServiceIp, serviceIps } from './service-ip-range.js';

type IPAddress = networking.v1.IPAddress;
type ServiceCIDR = networking.v1.ServiceCIDR;

/** An address that was asked for cannot be had. */
export class IpAllocationError extends Error {
  override readonly name = 'IpAllocationError';
}

/** No address is left. */
export class IpRangeFullError extends Error {
  override readonly name = 'IpRangeFullError';
}

export interface ClusterIpAllocatorOptions {
  readonly ipAddresses: Resource;
  readonly serviceCidrs: Resource;
  /** `--service-cluster-ip-range`: one range of one or of each family, the default family first. */
  readonly ranges: readonly string[];
  readonly metrics?: ClusterIpMetrics | undefined;
}

/** So many candidates are tried before others get a turn. */
const triesPerTurn = 200;

/**
 * Gives out service addresses, each once in the cluster: who creates the IPAddress object named like an address has it
 * (KEP-1880). The ranges are those of the ServiceCIDR objects that are ready, or the configured ones before there are any.
 */
export class ClusterIpAllocator {
  readonly #addresses: Resource;
  readonly #cidrs: Resource;
  readonly #configured: readonly IpRange[];

  readonly #metrics: ClusterIpMetrics | undefined;

  constructor({ ipAddresses, serviceCidrs, ranges, metrics }: ClusterIpAllocatorOptions) {
    this.#addresses = ipAddresses;
    this.#cidrs = serviceCidrs;
    this.#configured = ranges.flatMap((range) => parseIpRange(range) ?? []);
    this.#metrics = metrics;
    metrics?.watch(() => this.#usage());
  }

  /** Families of the cluster, the default one first. */
  get families(): IpFamily[] {
    return this.#configured.map(({ family }) => family);
  }

  /** Takes this address. */
  async take(ip: string, owner: IpOwner): Promise<void> {
    const startedAtMs = performance.now();
    const { canonical, range } = await this.#check(ip, () => 'the provided network does not match the current range');
    const cidr = formatIpRange(range);
    if (!(await this.#create(canonical, owner))) {
      this.#metrics?.failed(cidr, 'static');
      throw new IpAllocationError('provided IP is already allocated');
    }
    this.#metrics?.taken(cidr, 'static', performance.now() - startedAtMs);
  }

  /** Checks whether the address could be taken, and takes nothing. */
  async pretend(ip: string): Promise<void> {
    const range = (valid: string) => `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${valid}`;
    await this.#check(ip, range);
  }

  /** Takes any address of a family. */
  async takeNext(family: IpFamily, owner: IpOwner): Promise<string> {
    let tries = 0;
    for (const range of await this.#ranges(family)) {
      const startedAtMs = performance.now();
      for (const value of candidates(range)) {
        if (++tries % triesPerTurn === 0) await setImmediate();
        const ip = formatIp({ family, value });
        if (await this.#isKnown(ip)) continue;
        if (!(await this.#create(ip, owner))) continue;
        this.#metrics?.taken(formatIpRange(range), 'dynamic', performance.now() - startedAtMs);
        return ip;
      }
      this.#metrics?.failed(formatIpRange(range), 'dynamic');
    }
    throw new IpRangeFullError('range is full');
  }

  /** An address of the family that nobody can have: for dry runs. */
  pretendNext(family: IpFamily): string {
    const range = this.#configured.find((range) => range.family === family);
    return formatIp({ family, value: range?.base ?? 0n });
  }

  /** Gives an address back, unless it is another's by now. */
  async release(ip: string, owner: IpOwner): Promise<void> {
    const address = parseIp(ip);
    if (address === undefined) return;
    const { store, form } = this.#addresses;
    await store.update(formatIp(address), (current) => {
      const user = current && serviceOfAddress(form.decode(current.value) as IPAddress);
      return { action: user !== undefined && isSameOwner(user, owner) ? 'delete' : 'keep' };
    });
  }

  /** How much of each range is taken, as far as the cache knows. */
  async #usage(): Promise<ReadonlyMap<string, RangeUse>> {
    const families = [...new Set(this.families)];
    const ranges = (await Promise.all(families.map((family) => this.#ranges(family)))).flat();
    const taken = ranges.map(() => 0);
    const slice = new TimeSlice();
    const { items } = await this.#addresses.store.list({ path: '' }, { freshness: { at: 'any' } });
    for (const { path } of items) {
      const address = parseIp(path);
      const at = address === undefined ? -1 : ranges.findIndex((range) => offersServiceIp(range, address));
      if (at >= 0) taken[at] = (taken[at] ?? 0) + 1;
      if (slice.spent()) await slice.next();
    }
    return new Map(ranges.map((range, at) => [formatIpRange(range), useOf(range, taken[at] ?? 0)]));
  }

  /** The canonical text of an address that some range has, and that range. `outside`: what to say of one that none has. */
  async #check(ip: string, outside: (ranges: string) => string): Promise<{ readonly canonical: string; readonly range: IpRange }> {
    const address = parseIp(ip);
    if (address === undefined) throw new IpAllocationError(`invalid IP address ${JSON.stringify(ip)}`);
    const ranges = await this.#ranges(address.family);
    const range = ranges.find((range) => offersServiceIp(range, address));
    if (range !== undefined) return { canonical: formatIp(address), range };
    throw new IpAllocationError(outside(ranges.map(formatIpRange).join(',')));
  }

  /** Ranges of a family to take addresses from. */
  async #ranges(family: IpFamily): Promise<IpRange[]> {
    const page = await this.#cidrs.store.list({ path: '' }, { freshness: { at: 'any' } });
    const ready = Array.from(page.items, ({ value }) => this.#cidrs.form.decode(value) as ServiceCIDR).filter(isReady);
    const declared = ready.flatMap(({ spec }) => (spec.cidrs ?? []).flatMap((cidr) => parseIpRange(cidr) ?? []));
    const ofFamily = declared.filter((range) => range.family === family);
    return ofFamily.length > 0 ? ofFamily : this.#configured.filter((range) => range.family === family);
  }

  /** Whether the cache knows the address as taken: it may be behind, and then creating tells. */
  async #isKnown(ip: string): Promise<boolean> {
    return (await this.#addresses.store.get(ip, { at: 'any' })).object !== undefined;
  }

  /** False when the address is taken. */
  async #create(ip: string, owner: IpOwner): Promise<boolean> {
    const { store, form } = this.#addresses;
    const address = serviceAddress(ip, owner);
    Object.assign(address.metadata, { uid: newUid(), creationTimestamp: timeNow() });
    try {
      await store.create(ip, form.encode(address));
      return true;
    } catch (error) {
      if (isStorageError(error, 'keyExists')) return false;
      throw error;
    }
  }
}

function useOf(range: IpRange, allocated: number): RangeUse {
  const [first, last] = serviceIps(range);
  return { allocated, available: Math.max(0, Number(last - first + 1n) - allocated) };
}

function isReady({ metadata, status }: ServiceCIDR): boolean {
  return (
    metadata.deletionTimestamp === undefined && (status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

/** A sixteenth of the range, but not less than 16 addresses nor more than 256; ranges of 16 have no such part. */
function staticSize(size: bigint): bigint {
  if (size <= 16n) return 0n;
  const part = size / 16n;
  return part < 16n ? 16n : part > 256n ? 256n : part;
}

/** All addresses of a range, from a random one on: the lower part is left to those who name theirs, as long as the upper one lasts (KEP-3070). */
function* candidates(range: IpRange): Generator<bigint> {
  const [first, last] = serviceIps(range);
  const reserved = staticSize(range.size);
  if (reserved === 0n) yield* around(first, last);
  else {
    const middle = range.base + reserved;
    yield* around(middle, last);
    yield* around(first, middle - 1n);
  }
}

function* around(first: bigint, last: bigint): Generator<bigint> {
  const count = last - first + 1n;
  if (count <= 0n) return;
  const start = randomBelow(count);
  for (let i = 0n; i < count; i++) yield first + ((start + i) % count);
}

function randomBelow(limit: bigint): bigint {
  const bounded = limit > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : limit;
  return BigInt(Math.floor(Math.random() * Number(bounded)));
}
