import {
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  labelValue,
  notSupported,
  path,
  qualifiedName,
  required,
  tooMany,
  validateImmutable,
} from '@keelson/machinery';
import type { discovery } from '@keelson/schema';
import { parseIp } from '../net/ip-address.js';
import { validateIp, validateReachableIp } from '../net/ip-validation.js';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validatePortNumber } from '../validation/port.js';

type EndpointSlice = discovery.v1.EndpointSlice;
type Endpoint = discovery.v1.Endpoint;

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxHints = 8;

function validateAddress(address: string, type: string, at: FieldPath): FieldError[] {
  if (type === 'FQDN') return validateForm(address, at, dns1123Subdomain);
  const ip = parseIp(address);
  if (ip === undefined) return validateIp(address, at);
  return [...(ip.family === type ? [] : [invalidField(at, address, `must be an ${type} address`)]), ...validateReachableIp(address, at)];
}

function validateAddresses(addresses: readonly string[], type: string, at: FieldPath): FieldError[] {
  if (addresses.length === 0) return [required(at, 'must contain at least 1 address')];
  if (addresses.length > maxAddresses) return [tooMany(at, addresses.length, maxAddresses)];
  if (!addressTypes.includes(type)) return [];
  return addresses.flatMap((address, i) => validateAddress(address, type, at.index(i)));
}

function validateHints({ hints }: Endpoint, at: FieldPath): FieldError[] {
  return (['forZones', 'forNodes'] as const).flatMap((field) => {
    const here = at.child(field);
    const names = (hints?.[field] ?? []).map(({ name }) => name);
    if (names.length > maxHints) return [tooMany(here, names.length, maxHints)];
    const form = field === 'forZones' ? labelValue : dns1123Subdomain;
    return names.flatMap((name, i) => {
      const errors = names.indexOf(name) < i ? [duplicate(here.index(i).child('name'), name)] : [];
      return [...errors, ...validateForm(name, here.index(i).child('name'), form)];
    });
  });
}

function validateEndpoint(endpoint: Endpoint, type: string, at: FieldPath): FieldError[] {
  const { nodeName, hostname, zone } = endpoint;
  return [
    ...validateAddresses(endpoint.addresses ?? [], type, at.child('addresses')),
    ...(nodeName === undefined ? [] : validateForm(nodeName, at.child('nodeName'), dns1123Subdomain)),
    ...(zone === undefined ? [] : validateForm(zone, at.child('zone'), labelValue)),
    ...(hostname === undefined ? [] : validateForm(hostname, at.child('hostname'), dns1123Label)),
    ...validateHints(endpoint, at.child('hints')),
  ];
}

function validatePorts(ports: readonly discovery.v1.EndpointPort[], at: FieldPath): FieldError[] {
  if (ports.length > maxPorts) return [tooMany(at, ports.length, maxPorts)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol, port, appProtocol }, i) => {
    const here = at.index(i);
    const errors = name === '' ? [] : validateForm(name, here.child('name'), dns1123Label);
    if (names.has(name)) errors.push(duplicate(here.child('name'), name));
    names.add(name);
    errors.push(...validateOptionalEnumerated(protocol, here.child('protocol'), ['SCTP', 'TCP', 'UDP']));
    if (port !== undefined) errors.push(...validatePortNumber(port, here.child('port')));
    if (appProtocol !== undefined) errors.push(...validateForm(appProtocol, here.child('appProtocol'), qualifiedName));
    return errors;
  });
}

function validateAddressType(type: string): FieldError[] {
  if (type === '') return [required(path('addressType'))];
  return addressTypes.includes(type) ? [] : [notSupported(path('addressType'), type, addressTypes)];
}

function validateEndpoints(endpoints: readonly Endpoint[], type: string): FieldError[] {
  const at = path('endpoints');
  if (endpoints.length > maxEndpoints) return [tooMany(at, endpoints.length, maxEndpoints)];
  return endpoints.flatMap((endpoint, i) => validateEndpoint(endpoint, type, at.index(i)));
}

export function validateEndpointSlice(slice: EndpointSlice, old: EndpointSlice | undefined): FieldError[] {
  const { addressType: type } = slice;
  return [
    ...validateAddressType(type),
    ...validateEndpoints(slice.endpoints ?? [], type),
    ...validatePorts(slice.ports ?? [], path('ports')),
    ...(old === undefined ? [] : validateImmutable(type, old.addressType, path('addressType'))),
  ];
}
