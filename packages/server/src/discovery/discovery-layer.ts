import { methodNotAllowed, pathNotFound } from '@keelson/machinery';
import type { Layer } from '../dispatch/layer.js';
import type { Handler, KeelsonContext } from '../http/context.js';
import { reply, replyTextError } from '../http/reply.js';
import type { RouteInstruments } from '../metrics/requests/request-metrics.js';
import { sendCached } from '../respond/cached-body.js';
import { groupsNegotiator, plainNegotiator } from '../respond/negotiate.js';
import type { DiscoveryCatalog } from './discovery-catalog.js';
import { aggregatedForm } from './discovery-form.js';
import { type ApiRoot, DiscoverySnapshot } from './discovery-snapshot.js';
import type { EncodedDocument } from './encoded-document.js';

export interface DiscoveryOptions {
  readonly catalog: DiscoveryCatalog;
  /** Host and port at which clients reach this server; asked when the first of them wants to know. */
  serverAddress(): string;
  /** Whether all groups at once are told of in v2beta1, too; v1.34 does not, unless it is told to. */
  readonly servesBeta?: boolean;
  /** What `/` lists besides the paths of discovery. */
  otherPaths(): readonly string[];
  /** Where requests for all groups at once are counted, by the root they ask for: `api` or `apis`. */
  instruments?(root: string): RouteInstruments;
  /** All groups have been gathered in one document. */
  onAggregated?(): void;
}

/**
 * Tells what the server serves: `/`, `/api`, `/apis` and what is between them and the resources. It comes behind the
 * layers that serve resources, and ends the search for paths that no group can have.
 */
export class DiscoveryLayer implements Layer {
  readonly name = 'discovery';
  readonly #options: DiscoveryOptions;
  readonly #aggregated: Readonly<Record<ApiRoot, RouteInstruments | undefined>>;
  #generation = -1;
  #snapshot: DiscoverySnapshot | undefined;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#aggregated = { '/api': options.instruments?.('api'), '/apis': options.instruments?.('apis') };
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { path } = ctx.state.info;
    if (path === '/' || path === '/index.html') return (asked) => this.#index(asked);
    if (!path.startsWith('/api')) return undefined;
    const asked = withoutTrailingSlash(path);
    const document = this.#current().document(asked);
    if (document !== undefined) return this.#handler(asked, document, ctx);
    if (!path.startsWith('/api/') && !path.startsWith('/apis/')) return undefined;
    return this.#couldBeServed(path) ? unknownResource : unknownPage;
  }

  #handler(path: string, document: EncodedDocument, ctx: KeelsonContext): Handler {
    const form = path === '/api' || path === '/apis' ? aggregatedForm(ctx, this.#options.servesBeta === true) : undefined;
    if (form === undefined) return this.#documentHandler(path, document, ctx.req.method);
    return (asked) => {
      asked.state.route = this.#aggregated[path as ApiRoot];
      asked.res.setHeader('Cache-Control', 'public');
      const aggregated = this.#current().aggregated(path as ApiRoot, form.version);
      return sendCached(asked, aggregated.body(form), aggregated.document);
    };
  }

  /** Whoever asks for the groups, or one of them, or for a version of custom resources, gets it, whatever the method. */
  #documentHandler(path: string, document: EncodedDocument, method: string | undefined): Handler {
    const isOpen = tellsGroups(path) || this.#isCustomVersion(path);
    if (method !== 'GET' && !isOpen) return refuseMethod;
    return (asked) => sendCached(asked, document.body((isOpen ? groupsNegotiator : plainNegotiator).negotiate(asked)), document.document);
  }

  #isCustomVersion(path: string): boolean {
    const [, , group = '', version = ''] = path.split('/');
    return this.#options.catalog.get({ group, version })?.isCustom === true;
  }

  /** Whether a path is below the core group or a group with versions that are not of custom resources: then it is a resource that is missing. */
  #couldBeServed(path: string): boolean {
    if (path.startsWith('/api/')) return true;
    const group = path.split('/', 3)[2] ?? '';
    return this.#options.catalog.groups.some((known) => known.group === group && known.versions.some(({ isCustom }) => !isCustom));
  }

  #current(): DiscoverySnapshot {
    const { catalog, serverAddress, onAggregated } = this.#options;
    if (this.#snapshot === undefined || this.#generation !== catalog.generation) {
      this.#snapshot = new DiscoverySnapshot(catalog.groups, serverAddress, onAggregated);
      this.#generation = catalog.generation;
    }
    return this.#snapshot;
  }

  #index(ctx: KeelsonContext): undefined {
    const paths = new Set([...this.#current().paths, '/apis/', ...this.#options.otherPaths()]);
    reply(ctx, 200, 'application/json', JSON.stringify({ paths: [...paths].sort() }, null, 2));
    return undefined;
  }
}

function tellsGroups(path: string): boolean {
  return path === '/apis' || (path.startsWith('/apis/') && path.indexOf('/', '/apis/'.length) < 0);
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function unknownResource(): never {
  throw pathNotFound();
}

function refuseMethod(): never {
  throw methodNotAllowed();
}

function unknownPage(ctx: KeelsonContext): undefined {
  replyTextError(ctx, 404, '404 page not found');
  return undefined;
}
