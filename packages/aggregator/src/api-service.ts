import type { GroupVersion, GroupVersionResource } from '@keelson/machinery';
import type { apiregistration } from '@keelson/schema';

export type APIService = apiregistration.v1.APIService;
type Condition = apiregistration.v1.APIServiceCondition;

export const API_SERVICES: GroupVersionResource = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' };

/** What is said of whether an APIService can be reached. */
export type Verdict = Pick<Condition, 'status'> & Required<Pick<Condition, 'reason' | 'message'>>;

/** `v1.example.com` */
export function apiServiceName({ group, version }: GroupVersion): string {
  return `${version}.${group}`;
}

export function availableCondition({ status }: APIService): Condition | undefined {
  return status.conditions?.find(({ type }) => type === 'Available');
}

export function isAvailable(apiService: APIService): boolean {
  return availableCondition(apiService)?.status === 'True';
}

/** Where the paths of a group-version begin. */
export function rootPath({ group, version }: GroupVersion): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}
