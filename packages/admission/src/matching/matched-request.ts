import type { AdmissionAttributes } from '@keelson/machinery';

/** What rules and selectors look at in a request. */
export type MatchedRequest = Pick<
  AdmissionAttributes,
  'served' | 'operation' | 'namespace' | 'name' | 'resource' | 'subresource' | 'object' | 'oldObject'
>;
