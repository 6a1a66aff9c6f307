import type { RequestInfo } from './request-info.js';

/** Says which requests have no deadline and do not count against the limits of concurrent requests. */
export type LongRunningCheck = (info: RequestInfo) => boolean;

const verbs = new Set(['watch', 'proxy']);
const subresources = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** kube-apiserver's: watches and everything that is connected or streamed from a node. */
export const isLongRunning: LongRunningCheck = (info) => {
  if (verbs.has(info.verb)) return true;
  return info.isResourceRequest ? subresources.has(info.subresource) : info.path.startsWith('/debug/pprof/');
};
