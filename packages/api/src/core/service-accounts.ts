import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type Resource } from '@keelson/server';
import type { BoundObjects } from './bound-objects.js';
import { type ServiceAccountTokens, tokenSubresource } from './service-account-token.js';

type ServiceAccount = core.v1.ServiceAccount;

/** Without `tokens` there is no token subresource: the server has no key to sign with. */
export function createServiceAccounts(tokens: ServiceAccountTokens | undefined, boundObjects: BoundObjects): Resource {
  return defineResource<ServiceAccount>(core.v1.ServiceAccount, {
    names: { plural: 'serviceaccounts', short: ['sa'] },
    scope: 'Namespaced',
    storage: { key: 'serviceaccounts' },
    deleteReturns: 'object',
    ...(tokens && { subresources: { token: tokenSubresource(tokens, boundObjects) } }),
    columns: [nameColumn(), col('Secrets', ({ secrets }) => secrets?.length ?? 0), age()],
  });
}
