import { core } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { expect, it } from 'vitest';
import type { BoundObjects } from './bound-objects.js';
import { createServiceAccounts } from './service-accounts.js';

const { definition } = createServiceAccounts(undefined, {} as BoundObjects);
const account = (secrets?: object[]) => core.v1.ServiceAccount.codec.fromJson({ metadata: { name: 'a' }, secrets } as never);

it.each([
  [
    [{ name: 's', namespace: 'elsewhere', uid: 'u', fieldPath: 'x' }, { name: 't' }],
    [{ name: 's' }, { name: 't' }],
  ],
  [[{ namespace: 'elsewhere' }], [{}]],
  [undefined, undefined],
])('keeps of the secrets %j the names, when it is made and when it changes', (secrets, expected) => {
  const [made, changed] = [account(secrets), account(secrets)];
  definition.prepareForCreate?.(made, {} as WriteContext);
  definition.prepareForUpdate?.(changed, account(), {} as WriteContext);
  expect([made.secrets, changed.secrets]).toEqual([expected, expected]);
});
