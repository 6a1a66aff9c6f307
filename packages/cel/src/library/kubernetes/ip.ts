import { quote } from '@keelson/machinery';
import { declare, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, INT, opaque, STRING } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { type CelValue, Opaque } from '../../values/value.js';
import { type Address, AddressError, formatAddress, isMapped, parseAddress } from './address.js';

export const IP = opaque('net.IP');

export class IpValue extends Opaque {
  readonly type = IP;

  constructor(readonly address: Address) {
    super();
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof IpValue)) throw noSuchOverload();
    return this.address.bits === other.address.bits && this.address.value === other.address.value;
  }

  toString(): string {
    return formatAddress(this.address);
  }

  override get size(): number {
    return this.address.bits / 8;
  }
}

export function parseIp(text: string): IpValue {
  let address: Address;
  try {
    address = parseAddress(text);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    throw new EvaluationError(`IP Address ${quote(text)} parse error during conversion from string: ${error.message}`);
  }
  if (address.zone !== '') throw new EvaluationError(`IP address ${quote(text)} with zone value is not allowed`);
  if (isMapped(address)) throw new EvaluationError(`IPv4-mapped IPv6 address ${quote(text)} is not allowed`);
  return new IpValue(address);
}

export function isIp(text: string): boolean {
  try {
    parseIp(text);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function inRange(from: Readonly<Record<32 | 128, readonly [prefix: bigint, length: number]>>): (ip: IpValue) => boolean {
  return ({ address }) => {
    const [prefix, length] = from[address.bits];
    return address.value >> BigInt(address.bits - length) === prefix;
  };
}

const isUnspecified = ({ address }: IpValue) => address.value === 0n;
const isLoopback = inRange({ 32: [127n, 8], 128: [1n, 128] });
const isLinkLocalUnicast = inRange({ 32: [0xa9fen, 16], 128: [0xfe80n >> 6n, 10] });
const isMulticast = inRange({ 32: [0xen, 4], 128: [0xffn, 8] });
const isBroadcast = inRange({ 32: [0xffffffffn, 32], 128: [-1n, 128] });

function isLinkLocalMulticast({ address }: IpValue): boolean {
  // 224.0.0.0/24, or ff02::/16 with any flags.
  if (address.bits === 32) return address.value >> 8n === 0xe00000n;
  return address.value >> 120n === 0xffn && ((address.value >> 112n) & 0xfn) === 2n;
}

function isGlobalUnicast(ip: IpValue): boolean {
  return !isUnspecified(ip) && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocalUnicast(ip) && !isBroadcast(ip);
}

const test = (name: string, id: string, call: (ip: IpValue) => boolean) => declare(name, method(id, [IP], BOOL, call));

/** Kubernetes' IP addresses. */
export const IPS: Library = {
  functions: [
    declare('ip', overload('string_to_ip', [STRING], IP, parseIp)),
    declare(
      'family',
      method('ip_family', [IP], INT, ({ address }: IpValue) => (address.bits === 32 ? 4 : 6)),
    ),
    declare(
      'ip.isCanonical',
      overload('ip_is_canonical', [STRING], BOOL, (text: string) => String(parseIp(text)) === text),
    ),
    test('isUnspecified', 'ip_is_unspecified', isUnspecified),
    test('isLoopback', 'ip_is_loopback', isLoopback),
    test('isLinkLocalMulticast', 'ip_is_link_local_multicast', isLinkLocalMulticast),
    test('isLinkLocalUnicast', 'ip_is_link_local_unicast', isLinkLocalUnicast),
    test('isGlobalUnicast', 'ip_is_global_unicast', isGlobalUnicast),
    declare('isIP', overload('is_ip', [STRING], BOOL, isIp)),
    declare('string', overload('ip_to_string', [IP], STRING, String)),
  ],
  types: [IP],
};
