import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type Resource } from '@keelson/server';
import type { BoundObjects } from './bound-objects.js';
import { type ServiceAccountTokens, tokenSubresource } from './service-account-token.js';

type ServiceAccount = core.v1.ServiceAccount;

const enforced = 'kubernetes.io/enforce-mountable-secrets';

function warnings({ metadata }: ServiceAccount, old: ServiceAccount | undefined): string[] {
  const isNewlySet = metadata.annotations?.[enforced] !== undefined && old?.metadata.annotations?.[enforced] === undefined;
  if (!isNewlySet) return [];
  return [`metadata.annotations[${enforced}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`];
}

/** Of secrets that pods may use, only the names say something: they are in the account's namespace. */
function keepSecretNames(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name }) => (name ? { name } : {}));
}

/** Without `tokens` there is no token subresource: the server has no key to sign with. */
export function createServiceAccounts(tokens: ServiceAccountTokens | undefined, boundObjects: BoundObjects): Resource {
  return defineResource<ServiceAccount>(core.v1.ServiceAccount, {
    names: { plural: 'serviceaccounts', short: ['sa'] },
    scope: 'Namespaced',
    storage: { key: 'serviceaccounts' },
    deleteReturns: 'object',
    prepareForCreate: keepSecretNames,
    prepareForUpdate: keepSecretNames,
    ...(tokens && { subresources: { token: tokenSubresource(tokens, boundObjects) } }),
    warnings,
    columns: [nameColumn(), col('Secrets', ({ secrets }) => secrets?.length ?? 0), age()],
  });
}
