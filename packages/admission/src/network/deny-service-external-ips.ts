import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';

/** No service takes traffic for addresses that it has not had before: it could take that of others. */
export const denyServiceExternalIps: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  handles: onCreateAndUpdate,
  validate(attributes: AdmissionAttributes): void {
    const { resource, subresource, object, oldObject } = attributes;
    if (resource.group !== '' || resource.resource !== 'services' || subresource !== '') return;
    const known = new Set(externalIpsOf(oldObject as core.v1.Service | undefined));
    if (externalIpsOf(object as core.v1.Service | undefined).every((ip) => known.has(ip))) return;
    throw refusedWrite(attributes, 'Use of external IPs is denied by admission control');
  },
};

function externalIpsOf(service: core.v1.Service | undefined): readonly string[] {
  return service?.spec.externalIPs ?? [];
}
