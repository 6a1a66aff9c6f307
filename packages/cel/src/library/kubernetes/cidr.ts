import { quote } from '@keelson/machinery';
import { declare, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, INT, opaque, STRING } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { type CelValue, Opaque } from '../../values/value.js';
import { AddressError, formatAddress, isMapped, masked, type Prefix, parsePrefix, prefixContains } from './address.js';
import { IP, IpValue, isIp, parseIp } from './ip.js';

const CIDR = opaque('net.CIDR');

class CidrValue extends Opaque {
  readonly type = CIDR;

  constructor(readonly prefix: Prefix) {
    super();
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof CidrValue)) throw noSuchOverload();
    return String(this) === String(other);
  }

  toString(): string {
    return `${formatAddress(this.prefix.address)}/${this.prefix.length}`;
  }

  override get size(): number {
    return Math.ceil(this.prefix.length / 8);
  }
}

const FAILED = 'network address parse error during conversion from string: ';

function parse(text: string): CidrValue {
  let prefix: Prefix;
  try {
    prefix = parsePrefix(text);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    throw new EvaluationError(`${FAILED}${FAILED}${error.message}`);
  }
  if (isMapped(prefix.address)) throw new EvaluationError(`${FAILED}IPv4-mapped IPv6 address ${quote(text)} is not allowed`);
  return new CidrValue(prefix);
}

function isCidr(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function containsIp(cidr: CidrValue, ip: IpValue): boolean {
  return prefixContains(cidr.prefix, ip.address);
}

/** What is no address has its own error lost: Kubernetes takes it for an argument of another type. */
function containsIpText(cidr: CidrValue, text: string): boolean {
  if (!isIp(text)) throw noSuchOverload();
  return containsIp(cidr, parseIp(text));
}

function containsCidr(cidr: CidrValue, other: CidrValue): boolean {
  return cidr.prefix.length <= other.prefix.length && prefixContains(cidr.prefix, other.prefix.address);
}

/** Kubernetes' ranges of IP addresses. */
export const CIDRS: Library = {
  functions: [
    declare('cidr', overload('string_to_cidr', [STRING], CIDR, parse)),
    declare(
      'containsIP',
      method('cidr_contains_ip_string', [CIDR, STRING], BOOL, containsIpText),
      method('cidr_contains_ip_ip', [CIDR, IP], BOOL, containsIp),
    ),
    declare(
      'containsCIDR',
      method('cidr_contains_cidr_string', [CIDR, STRING], BOOL, (cidr: CidrValue, text: string) => containsCidr(cidr, parse(text))),
      method('cidr_contains_cidr', [CIDR, CIDR], BOOL, containsCidr),
    ),
    declare(
      'ip',
      method('cidr_ip', [CIDR], IP, ({ prefix }: CidrValue) => new IpValue(prefix.address)),
    ),
    declare(
      'prefixLength',
      method('cidr_prefix_length', [CIDR], INT, ({ prefix }: CidrValue) => prefix.length),
    ),
    declare(
      'masked',
      method('cidr_masked', [CIDR], CIDR, ({ prefix }: CidrValue) => new CidrValue(masked(prefix))),
    ),
    declare('isCIDR', overload('is_cidr', [STRING], BOOL, isCidr)),
    declare('string', overload('cidr_to_string', [CIDR], STRING, String)),
  ],
  types: [CIDR],
};
