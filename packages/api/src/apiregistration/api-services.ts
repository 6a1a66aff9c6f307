import { pathSegmentName } from '@keelson/machinery';
import { apiregistration } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, type WriteContext } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateApiService, validateApiServiceStatus } from './api-services-validation.js';

type APIService = apiregistration.v1.APIService;

/** Served by this server itself, and so always there. */
function prepareForCreate(service: APIService, { now }: WriteContext): void {
  if (service.spec.service !== undefined) return;
  const message = 'Local APIServices are always available';
  service.status = { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: now, reason: 'Local', message }] };
}

function serviceText({ spec }: APIService): string {
  return spec.service === undefined ? 'Local' : `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}`;
}

function availability({ status }: APIService): string {
  const available = status.conditions?.find(({ type }) => type === 'Available');
  if (available === undefined) return 'Unknown';
  return available.status === 'True' ? 'True' : `${available.status} (${available.reason ?? ''})`;
}

/** Group-versions, and who serves them. */
export const apiServices = defineResource<APIService>(apiregistration.v1.APIService, {
  names: { plural: 'apiservices', categories: ['api-extensions'] },
  scope: 'Cluster',
  storage: { key: 'apiregistration.k8s.io/apiservices', format: 'json' },
  versions: [
    removedVersion(apiregistration.v1beta1.APIService, { deprecated: '1.19', removed: '1.22', use: apiregistration.v1.APIService }),
  ],
  nameForm: pathSegmentName,
  unconditionalUpdate: false,
  anyFinalizer: true,
  resetFields: ['status'],
  subresources: { status: status<APIService>({ keeps: ['metadata', 'spec'], validate: validateApiServiceStatus }) },
  defaults({ spec }) {
    if (spec.service) spec.service.port ??= 443;
  },
  prepareForCreate,
  validate: validateApiService,
  columns: [nameColumn(), col('Service', serviceText), col('Available', availability), age()],
});
