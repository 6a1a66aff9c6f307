import { type DialAddress, type RoutedService, servicePort, serviceUnavailable, shuffled } from '@keelson/machinery';
import type { discovery } from '@keelson/schema';

type EndpointSlice = discovery.v1.EndpointSlice;

/** How many endpoints are tried at most. */
const MOST = 5;

/** Ready endpoints of a service at one of its ports in random order, those of the service's first address family before others. */
export function endpointAddresses(
  service: RoutedService & { readonly spec?: { readonly ipFamilies?: readonly string[] } },
  slices: readonly EndpointSlice[],
  { name, port }: { readonly name: string; readonly port: number },
): DialAddress[] {
  const { type = 'ClusterIP', ipFamilies: [family] = [] } = service.spec ?? {};
  if (type !== 'ClusterIP' && type !== 'NodePort' && type !== 'LoadBalancer') throw new Error(`unsupported service type "${type}"`);
  const { name: portName = '' } = servicePort(service, name, port);
  const later = ({ addressType }: EndpointSlice) => Number(addressType !== family);
  const addresses = shuffled(slices)
    .sort((a, b) => later(a) - later(b))
    .flatMap((slice) => shuffled(readyAddresses(slice, portName)));
  if (addresses.length === 0) throw serviceUnavailable(`no endpoints available for service "${name}"`);
  return addresses.slice(0, MOST);
}

/** The addresses behind a slice's port of that name that take requests. */
export function readyAddresses({ endpoints, ports }: EndpointSlice, portName: string): DialAddress[] {
  const port = ports?.find((one) => (one.name ?? '') === portName && one.port !== undefined)?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions.ready !== false)
    .flatMap(({ addresses }) => (addresses ?? []).slice(0, 1).map((host) => ({ host, port })));
}
