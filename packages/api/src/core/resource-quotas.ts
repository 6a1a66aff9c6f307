import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { roundResourceList } from '../pod/resource-list.js';
import { validateQuota, validateQuotaStatus } from './resource-quotas-validation.js';

type ResourceQuota = core.v1.ResourceQuota;

/** `cpu: 1/2, pods: 3/10` of the resources that are limits, or of those that are not. */
function usage({ status }: ResourceQuota, ofLimits: boolean): string {
  return Object.entries(status.hard ?? {})
    .filter(([name]) => name.startsWith('limits') === ofLimits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${status.used?.[name] ?? '0'}/${hard}`)
    .join(', ');
}

export const resourceQuotas = defineResource<ResourceQuota>(core.v1.ResourceQuota, {
  names: { plural: 'resourcequotas', short: ['quota'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'resourcequotas' },
  deleteReturns: 'object',
  resetFields: ['status'],
  subresources: { status: status({ validate: validateQuotaStatus }) },
  defaults({ spec, status }) {
    for (const list of [spec.hard, status.hard, status.used]) roundResourceList(list);
  },
  validate: validateQuota,
  columns: [nameColumn(), col('Request', (quota) => usage(quota, false)), col('Limit', (quota) => usage(quota, true)), age()],
});
