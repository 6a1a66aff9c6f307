import { dns1035Label, dns1123Label, type Features } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { type ServiceConnections, serviceDestination } from '../connect/destinations/service-destination.js';
import { proxySubresource } from '../connect/proxy-subresource.js';
import { listClusterIp, prepareServiceUpdate } from './allocated-values.js';
import type { ServiceAllocator } from './service-allocator.js';
import { serviceColumns } from './service-columns.js';
import { defaultService } from './service-defaults.js';
import { serviceStatus } from './service-status.js';
import { validateService } from './service-validation.js';
import { serviceWarnings } from './service-warnings.js';

type Service = core.v1.Service;

/** `allocator` hands out their addresses and node ports; `connections`: what is behind them. */
export function createServices(allocator: ServiceAllocator, features: Features, connections: ServiceConnections): Resource {
  return defineResource<Service>(core.v1.Service, {
    names: { plural: 'services', short: ['svc'], categories: ['all'] },
    scope: 'Namespaced',
    storage: { key: 'services/specs' },
    createOnUpdate: true,
    deleteReturns: 'object',
    // KEP-5311: names that begin with a digit.
    nameForm: features.get('RelaxedServiceNameValidation') ? dns1123Label : dns1035Label,
    metadataChecks: { own: 0 },
    resetFields: ['status'],
    selectableFields: {
      'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
      'spec.type': ({ spec }) => spec.type ?? '',
    },
    subresources: { status: serviceStatus, proxy: proxySubresource('ServiceProxyOptions', serviceDestination(connections)) },
    defaults: defaultService,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      listClusterIp(service);
    },
    prepareForUpdate: prepareServiceUpdate,
    reserve: (service, old, context) => allocator.reserve(service, old, context),
    release: (service) => allocator.release(service),
    validate: validateService,
    warnings: serviceWarnings,
    columns: serviceColumns,
  });
}
