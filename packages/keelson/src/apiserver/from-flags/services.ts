import type { DialAddress, DialOverrides } from '@keelson/machinery';
import ipaddr from 'ipaddr.js';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { ServiceOptions } from '../options.js';
import type { Report } from './report.js';

export const defaultServiceClusterIpRange = '10.0.0.0/24';

/** 2^20 addresses: what one allocation bitmap holds. */
const maxRangeBits = 20;
const minRangeBits = 3;

export function serviceOptions(flags: ApiServerFlagValues, report: Report): ServiceOptions {
  const ranges = (flags['service-cluster-ip-range'] || defaultServiceClusterIpRange).split(',').map((range) => range.trim());
  if (ranges.length > 2) report('--service-cluster-ip-range must not contain more than two entries');
  const families = ranges.map((range, at) => rangeFamily(range, at, report));
  if (families.length === 2 && families[0] === families[1])
    report('--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family');
  const count = flags['apiserver-count'];
  if (count < 1) report(`--apiserver-count should be a positive number, but value '${count}' provided`);
  if (flags['service-node-port-range'].first < 1) report('--service-node-port-range must start at 1 or above');
  if (flags['endpoint-reconciler-type'] === 'master-count') {
    report('--endpoint-reconciler-type=master-count is not supported: available are lease, none');
  }
  return {
    clusterIpRanges: ranges,
    nodePortRange: flags['service-node-port-range'],
    dialOverrides: dialOverrides(flags['service-dial-override'], report),
    keepEndpoints: flags['endpoint-reconciler-type'] !== 'none',
  };
}

function dialOverrides(given: ReadonlyMap<string, string>, report: Report): DialOverrides {
  const overrides = new Map<string, [DialAddress, ...DialAddress[]]>();
  for (const [service, text] of given) {
    const [first, ...others] = text.split('|').map(dialAddress);
    if (first === undefined || others.includes(undefined) || !/^[^/:]+\/[^/:]+(:\d+)?$/.test(service))
      report(
        `--service-dial-override: ${JSON.stringify(`${service}=${text}`)} is not of the form namespace/name[:port]=host:port[|host:port]`,
      );
    else overrides.set(service, [first, ...(others as DialAddress[])]);
  }
  return overrides;
}

function dialAddress(text: string): DialAddress | undefined {
  const [, host, port] = /^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

function rangeFamily(range: string, at: number, report: Report): 'ipv4' | 'ipv6' | undefined {
  if (!ipaddr.isValidCIDR(range)) {
    report(`service-cluster-ip-range[${at}] is not ${at === 0 ? 'a valid cidr' : 'an ip net'}`);
    return undefined;
  }
  const [address, length] = ipaddr.parseCIDR(range);
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (bits - length < minRangeBits)
    report(
      `--service-cluster-ip-range: error determining service IP ranges for ${at === 0 ? 'primary' : 'secondary'} service cidr: the service cluster IP range must be at least ${2 ** minRangeBits} IP addresses`,
    );
  // IPv6 ranges may be larger since allocation moved to IPAddress objects, IPv4 ranges may not.
  if (bits === 32 && bits - length > maxRangeBits) {
    report(`specified --service-cluster-ip-range is too large; for ${bits}-bit addresses, the mask must be >= ${bits - maxRangeBits}`);
  }
  return address.kind();
}
