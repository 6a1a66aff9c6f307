import { apiServiceName } from '@keelson/aggregator';
import type { Definition } from '@keelson/extensions';
import type { apiregistration } from '@keelson/schema';
import type { ServedGroupVersion } from '@keelson/server';

/** When an APIService is kept as it is wanted: once, when the server starts, or for ever. */
export type Management = 'onstart' | 'true';

/** What an APIService is to say, and how it is kept. */
export interface WantedApiService {
  readonly spec: apiregistration.v1.APIServiceSpec;
  readonly management: Management;
}

/** Where custom resources stand among the groups, and all their versions among each other: then their names decide. */
const CUSTOM = { groupPriorityMinimum: 1000, versionPriority: 100 };

/** Of the group that says who serves what nobody else may say so. */
const OWN_GROUP = 'apiregistration.k8s.io';

/** The APIServices of what is built in. */
export function builtInApiServices(served: readonly ServedGroupVersion[]): Map<string, WantedApiService> {
  return new Map(
    served
      .filter(({ group }) => group !== OWN_GROUP)
      .map(({ group, version, groupPriority, versionPriority }) => {
        const spec = { ...(group !== '' && { group }), version, groupPriorityMinimum: groupPriority, versionPriority };
        return [apiServiceName({ group, version }), { spec, management: 'onstart' }];
      }),
  );
}

/** The APIServices of the versions that a definition serves. */
export function customApiServices({ spec: { group, versions } }: Definition): Map<string, WantedApiService> {
  const served = (versions ?? []).filter((version) => version.served);
  return new Map(
    served.map(({ name: version }) => [apiServiceName({ group, version }), { spec: { group, version, ...CUSTOM }, management: 'true' }]),
  );
}
