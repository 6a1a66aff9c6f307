import type { GroupVersion, Json } from '@keelson/machinery';
import { apidiscovery, meta } from '@keelson/schema';
import type { DiscoveredResource } from '@keelson/server';
import { AGGREGATOR } from '../availability/check-availability.js';
import { fetchFrom } from '../fetch-from.js';
import type { RemoteApiService } from '../remote-api-service.js';
import { resourcesOfList } from './resources-of-list.js';

const ACCEPTED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** What an extension server told of the resources of a group-version. */
export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** Of the document that says so; undefined when it has none. */
  readonly etag: string | undefined;
}

/** Asks for all groups at once, and for the one group-version where the server does not know such a thing. `known` is given again when nothing has changed. */
export async function fetchDiscovery(remote: RemoteApiService, known: Discovery | undefined, signal: AbortSignal): Promise<Discovery> {
  const condition = known?.etag === undefined ? {} : { 'if-none-match': known.etag };
  const { code, headers, body } = await fetchFrom(remote, '/apis', {
    user: AGGREGATOR,
    headers: { accept: ACCEPTED, ...condition },
    signal,
  });
  if (code === 304 && known !== undefined) return known;
  if (code === 503) throw new Error('service unavailable');
  if (code !== 200 || !isAggregated(headers['content-type'])) return fetchList(remote, signal);
  const list = apidiscovery.v2.APIGroupDiscoveryList.codec.fromJson(JSON.parse(body.toString()) as Json);
  return { resources: resourcesIn(list, remote.groupVersion), etag: headers.etag };
}

async function fetchList(remote: RemoteApiService, signal: AbortSignal): Promise<Discovery> {
  const { code, body } = await fetchFrom(remote, remote.root, { user: AGGREGATOR, headers: { accept: 'application/json' }, signal });
  if (code !== 200) throw new Error(`discovery of ${remote.root} was answered with ${code}`);
  const list = meta.v1.APIResourceList.codec.fromJson(JSON.parse(body.toString()) as Json);
  return { resources: resourcesOfList(list), etag: undefined };
}

function isAggregated(contentType = ''): boolean {
  return /;\s*as=APIGroupDiscoveryList/.test(contentType) && /;\s*v=v2(beta1)?(;|$)/.test(contentType);
}

function resourcesIn({ items }: apidiscovery.v2.APIGroupDiscoveryList, { group, version }: GroupVersion): DiscoveredResource[] {
  const found = items?.find(({ metadata }) => (metadata.name ?? '') === group)?.versions?.find((one) => one.version === version);
  return (found?.resources ?? []).map((resource) => ({
    ...resource,
    responseKind: resource.responseKind ?? NO_KIND,
    ...(resource.subresources && {
      subresources: resource.subresources.map((part) => ({ ...part, responseKind: part.responseKind ?? NO_KIND })),
    }),
  }));
}

/** Clients of some releases cannot do without. */
const NO_KIND: meta.v1.GroupVersionKind = { group: '', version: '', kind: '' };
