import { dns1123Label, dns1123Subdomain, type FieldError, type FieldPath, path, qualifiedName, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateIp, validateReachable } from '../net/ip-validation.js';
import { validateEach } from '../validation/each.js';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm, validateOptionalForm, validateRequiredForm } from '../validation/names.js';
import { validatePortNumber } from '../validation/port.js';

function validateAddress({ ip, hostname, nodeName }: core.v1.EndpointAddress, at: FieldPath): FieldError[] {
  return [
    ...validateIp(ip, at.child('ip')),
    ...validateOptionalForm(hostname, at.child('hostname'), dns1123Label),
    ...(nodeName === undefined ? [] : validateForm(nodeName, at.child('nodeName'), dns1123Subdomain)),
    // What is no address at all is refused twice.
    ...validateReachable(ip, at.child('ip')),
  ];
}

function validatePort({ name = '', port, protocol, appProtocol }: core.v1.EndpointPort, at: FieldPath, named: boolean): FieldError[] {
  const validateName = named ? validateRequiredForm : validateOptionalForm;
  return [
    ...validateName(name, at.child('name'), dns1123Label),
    ...validatePortNumber(port, at.child('port')),
    ...validateEnumerated(protocol, at.child('protocol'), ['SCTP', 'TCP', 'UDP']),
    ...(appProtocol === undefined ? [] : validateForm(appProtocol, at.child('appProtocol'), qualifiedName)),
  ];
}

function validateSubset({ addresses, notReadyAddresses, ports }: core.v1.EndpointSubset, at: FieldPath): FieldError[] {
  const named = (ports?.length ?? 0) > 1;
  return [
    ...(addresses?.length || notReadyAddresses?.length ? [] : [required(at, 'must specify `addresses` or `notReadyAddresses`')]),
    ...validateEach(addresses, at.child('addresses'), validateAddress),
    ...validateEach(notReadyAddresses, at.child('notReadyAddresses'), validateAddress),
    ...validateEach(ports, at.child('ports'), (port, here) => validatePort(port, here, named)),
  ];
}

/** Which addresses, ready or not, serve which ports. */
export function validateEndpoints({ subsets }: core.v1.Endpoints): FieldError[] {
  return validateEach(subsets, path('subsets'), validateSubset);
}
