import type { KeelsonContext } from '../http/context.js';
import { type AcceptClause, MEDIA, matchMedia, type Negotiated, parseAccept } from '../respond/negotiate.js';
import type { AggregatedVersion } from './discovery-snapshot.js';

export interface AggregatedForm extends Negotiated {
  readonly version: AggregatedVersion;
}

/** The aggregated form a client likes best; undefined when it prefers plain discovery, or knows no other. */
export function aggregatedForm(ctx: KeelsonContext, servesBeta: boolean): AggregatedForm | undefined {
  const { accept } = ctx.req.headers;
  if (accept === undefined || !accept.includes('APIGroupDiscoveryList')) return undefined;
  for (const clause of parseAccept(accept)) {
    const media = matchMedia(clause.type, MEDIA);
    if (media === undefined) continue;
    if (!clause.params.has('as')) return undefined;
    const version = askedVersion(clause, servesBeta);
    if (version !== undefined) return { media, version, viewVersion: 'v1', pretty: false };
  }
  return undefined;
}

function askedVersion({ params }: AcceptClause, servesBeta: boolean): AggregatedVersion | undefined {
  if (params.get('as') !== 'APIGroupDiscoveryList' || params.get('g') !== 'apidiscovery.k8s.io') return undefined;
  const version = params.get('v');
  return version === 'v2' || (servesBeta && version === 'v2beta1') ? version : undefined;
}
