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
  semanticallyEqual,
  tooMany,
  validateImmutable,
} from '@keelson/machinery';
import type { discovery } from '@keelson/schema';
import { parseIp } from '../net/ip-address.js';
import { validateCanonicalIp, validateIp, validateReachable } from '../net/ip-validation.js';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';

type EndpointSlice = discovery.v1.EndpointSlice;
type Endpoint = discovery.v1.Endpoint;

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxHints = 8;

/** The names of early slices: domains of more than one label. */
function validateDomain(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  const domain = name.replace(/\.$/, '');
  const labels = domain.split('.');
  const refuse = (value: string, details: readonly string[]) => (details.length > 0 ? [invalidField(at, value, details.join(','))] : []);
  const errors = refuse(domain, dns1123Subdomain(domain));
  if (errors.length > 0) return errors;
  if (labels.length < 2) return [invalidField(at, domain, 'should be a domain with at least two segments separated by dots')];
  const wrong = labels.find((label) => dns1123Label(label).length > 0);
  return wrong === undefined ? [] : refuse(wrong, dns1123Label(wrong));
}

/** Whose address is of the wrong family is told of all of them. */
function validateAddress(address: string, type: string, all: FieldPath, at: FieldPath): FieldError[] {
  if (type === 'FQDN') return validateDomain(address, at);
  const errors = type === 'IPv4' ? validateIp(address, at) : validateCanonicalIp(address, at);
  if (errors.length > 0) return errors;
  const isOfType = parseIp(address)?.family === type;
  return [...(isOfType ? [] : [invalidField(all, address, `must be an ${type} address`)]), ...validateReachable(address, at)];
}

function validateAddresses(addresses: readonly string[], type: string, at: FieldPath): FieldError[] {
  const errors = addresses.length === 0 ? [required(at, 'must contain at least 1 address')] : [];
  if (addresses.length > maxAddresses) errors.push(tooMany(at, addresses.length, maxAddresses));
  if (!addressTypes.includes(type)) return errors;
  return [...errors, ...addresses.flatMap((address, i) => validateAddress(address, type, at, at.index(i)))];
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
  const { nodeName, hostname } = endpoint;
  return [
    ...validateAddresses(endpoint.addresses ?? [], type, at.child('addresses')),
    ...(nodeName === undefined ? [] : validateForm(nodeName, at.child('nodeName'), dns1123Subdomain)),
    ...(hostname === undefined ? [] : validateForm(hostname, at.child('hostname'), dns1123Label)),
    ...validateHints(endpoint, at.child('hints')),
  ];
}

function validatePorts(ports: readonly discovery.v1.EndpointPort[], at: FieldPath): FieldError[] {
  if (ports.length > maxPorts) return [tooMany(at, ports.length, maxPorts)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol, appProtocol }, i) => {
    const here = at.index(i);
    const errors = name === '' ? [] : validateForm(name, here.child('name'), dns1123Label);
    if (names.has(name)) errors.push(duplicate(here.child('name'), name));
    names.add(name);
    errors.push(...validateOptionalEnumerated(protocol, here.child('protocol'), ['SCTP', 'TCP', 'UDP']));
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
  const endpoints = validateEndpoints(slice.endpoints ?? [], type);
  // What earlier releases took may stay as it is.
  const isKept = endpoints.length > 0 && old !== undefined && semanticallyEqual(slice.endpoints, old.endpoints);
  return [
    ...validateAddressType(type),
    ...validatePorts(slice.ports ?? [], path('ports')),
    ...(isKept ? [] : endpoints),
    ...(old === undefined ? [] : validateImmutable(type, old.addressType, path('addressType'))),
  ];
}
