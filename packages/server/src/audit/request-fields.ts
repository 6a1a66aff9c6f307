import { headerText } from '@keelson/machinery';
import { requestTarget } from '../filters/request-info.js';
import type { RequestState } from '../http/context.js';
import type { ObjectReference } from './audit-event.js';
import { sourceIps } from './source-ips.js';

const MAX_AGENT_LENGTH = 1024;

/** What all events of a request have in common. */
export function requestFields(state: RequestState) {
  const { req, info, auditId, startedAtMs } = state;
  return {
    auditId,
    requestUri: requestTarget(req.url ?? ''),
    verb: info.verb,
    sourceIps: sourceIps(req),
    userAgent: shortened(headerText(req.headers['user-agent'] ?? '')),
    objectReference: info.isResourceRequest ? referenceOf(state) : undefined,
    // One clock for all stages: the wall clock may be set while a request is worked on.
    receivedAtMs: Date.now() - (performance.now() - startedAtMs),
  };
}

function referenceOf({ info }: RequestState): ObjectReference {
  const { resource, namespace, name, apiGroup, apiVersion, subresource } = info;
  return {
    resource: resource || undefined,
    namespace: namespace || undefined,
    name: name || undefined,
    uid: undefined,
    apiGroup: apiGroup || undefined,
    apiVersion: apiVersion || undefined,
    resourceVersion: undefined,
    subresource: subresource || undefined,
  };
}

function shortened(agent: string): string {
  return agent.length > MAX_AGENT_LENGTH ? `${agent.slice(0, MAX_AGENT_LENGTH)}...TRUNCATED` : agent;
}
