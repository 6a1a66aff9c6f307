import { type KubeObject, methodNotAllowed, methodNotSupported } from '@keelson/machinery';
import { type RequestInfo, verbOfMethod } from '../filters/request-info.js';
import type { Handler, KeelsonContext, Outcome } from '../http/context.js';
import type { RouteInstruments } from '../metrics/requests/request-metrics.js';
import type { WriteServices } from '../pipeline/write-request.js';
import type { Resource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { ConnectSubresource, SubresourceDefinition } from '../resource/subresource.js';
import { action } from '../verbs/action.js';
import { connect } from '../verbs/connect.js';
import { create } from '../verbs/create.js';
import { deleteOne } from '../verbs/delete.js';
import { deleteCollection } from '../verbs/delete-collection.js';
import { get } from '../verbs/get.js';
import { getPart } from '../verbs/get-part.js';
import { list } from '../verbs/list.js';
import { patch } from '../verbs/patch.js';
import type { Target } from '../verbs/target.js';
import { update } from '../verbs/update.js';
import { refuseWatch, type WatchSettings, watch } from '../verbs/watch.js';
import type { Layer, ListSize } from './layer.js';

/** Answers a verb on a target. */
type VerbHandler = (ctx: KeelsonContext, target: Target) => Outcome;

export interface ResourceLayerOptions {
  readonly services: WriteServices;
  readonly watches: WatchSettings;
  /**
   * Whether a path is taken for what it begins with, by whatever method: custom resources are served as what a request is read as,
   * while the paths and methods of others are told apart.
   */
  readonly loosePaths?: boolean;
  /** Where the requests of a route are counted; called once per route. */
  instruments?(version: ResourceVersion, subresource: string, verb: string): RouteInstruments;
}

interface Route {
  readonly version: ResourceVersion;
  readonly subresource: string;
  readonly definition: SubresourceDefinition<KubeObject> | undefined;
  readonly deprecationWarning: string | undefined;
  readonly verbs: ReadonlyMap<string, { readonly handle: VerbHandler; readonly instruments: RouteInstruments | undefined }>;
  /** False for what can only be created: there are no objects that would have paths. */
  readonly hasObjects: boolean;
}

/** Verbs on a collection that exist for one namespace only, not across all. */
const IN_ONE_NAMESPACE = new Set(['create', 'deletecollection']);
const ON_COLLECTIONS = new Set(['list', 'watch', 'create', 'deletecollection']);

/**
 * Serves resources: built-in ones, custom ones, those of an extension server. Routes are made when a resource is
 * installed; a request costs one look-up.
 */
export class ResourceLayer implements Layer {
  readonly #routes = new Map<string, Route>();
  readonly #verbs: Readonly<Record<string, VerbHandler>>;

  constructor(
    readonly name: string,
    readonly options: ResourceLayerOptions,
  ) {
    const { services, watches } = options;
    this.#verbs = {
      get,
      list,
      watch: (ctx, target) => watch(ctx, target, watches),
      create: (ctx, target) => create(ctx, target, services),
      update: (ctx, target) => update(ctx, target, services),
      patch: (ctx, target) => patch(ctx, target, services),
      delete: (ctx, target) => deleteOne(ctx, target, services),
      deletecollection: (ctx, target) => deleteCollection(ctx, target, services),
    };
  }

  /** Makes the routes of one served version. */
  install(version: ResourceVersion): void {
    const { verbs } = version.resource;
    const handlers = new Map([...verbs].map((verb) => [verb, this.#verbs[verb] as VerbHandler]));
    if (verbs.has('list') && !verbs.has('watch')) handlers.set('watch', (ctx, target) => refuseWatch(ctx, target, this.options.watches));
    this.#add(version, '', undefined, handlers);
    for (const [name, definition] of Object.entries(version.subresources))
      this.#add(version, name, definition, this.#partVerbs(definition));
    version.resource.serve(version, true);
  }

  /** Takes the routes of a version away: custom resources come and go. */
  uninstall(version: ResourceVersion): void {
    for (const [key, route] of this.#routes) if (route.version === version) this.#routes.delete(key);
    version.resource.serve(version, false);
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { info } = ctx.state;
    if (!info.isResourceRequest) return undefined;
    const route = this.#routes.get(routeKey(info.apiGroup, info.apiVersion, info.resource, info.subresource));
    if (route === undefined || !this.#hasPath(route, info)) return undefined;
    const verb = route.verbs.get(info.verb);
    if (verb === undefined || !this.#takes(route, ctx)) return refusalOf(route.version, info);
    const { version, subresource, definition } = route;
    const target: Target = { version, info, subresource, definition, uninitialized: this.#uninitialized(ctx) };
    const { deprecationWarning } = route;
    return () => {
      ctx.state.route = verb.instruments;
      if (deprecationWarning !== undefined) ctx.state.warn(deprecationWarning);
      return verb.handle(ctx, target);
    };
  }

  sizeOf({ apiGroup, apiVersion, resource, namespace }: RequestInfo): ListSize | undefined {
    const route = this.#routes.get(routeKey(apiGroup, apiVersion, resource, ''));
    if (!route?.verbs.has('list')) return undefined;
    const { store, form } = route.version.resource;
    const size = store.sizeOf?.({ path: namespace === '' ? '' : `${namespace}/` });
    return size && { ...size, isText: form.isText };
  }

  #hasPath(route: Route, info: RequestInfo): boolean {
    if (this.options.loosePaths) return isInScope(route.version, info);
    // Before there was a subresource for it, proxying was a path prefix that is gone: nothing is there.
    return info.verb !== 'proxy' && fitsScope(route.version, info) && hasPath(route, info);
  }

  #takes(route: Route, { req, state }: KeelsonContext): boolean {
    return this.options.loosePaths === true || (fitsMethod(route, req.method) && fitsShape(route, state.info));
  }

  #uninitialized({ state }: KeelsonContext): Target['uninitialized'] {
    if (this.options.services.initializers === undefined) return 'absent';
    return state.query.flag('includeUninitialized') ? 'shown' : 'hidden';
  }

  #partVerbs(definition: SubresourceDefinition<KubeObject>): ReadonlyMap<string, VerbHandler> {
    if (definition.type === 'action') return new Map([['create', (ctx, target) => action(ctx, target, this.options.services)]]);
    if (definition.type === 'connect') return connectVerbs(definition, (ctx, target) => connect(ctx, target, this.options.services));
    return new Map(definition.verbs.map((verb) => [verb, verb === 'get' ? getPart : (this.#verbs[verb] as VerbHandler)]));
  }

  #add(
    version: ResourceVersion,
    subresource: string,
    definition: SubresourceDefinition<KubeObject> | undefined,
    handlers: ReadonlyMap<string, VerbHandler>,
  ): void {
    const verbs = new Map(
      [...handlers].map(([verb, handle]) => [verb, { handle, instruments: this.options.instruments?.(version, subresource, verb) }]),
    );
    this.#routes.set(routeKey(version.group, version.version, version.resource.resource, subresource), {
      version,
      subresource,
      definition,
      deprecationWarning: version.deprecationWarning(subresource),
      verbs,
      hasObjects: subresource !== '' || [...verbs.keys()].some((verb) => !ON_COLLECTIONS.has(verb)),
    });
  }
}

function routeKey(group: string, version: string, resource: string, subresource: string): string {
  return `${group}/${version}/${resource}/${subresource}`;
}

/** Whether a request is in the scope of what it asks for: only lists and watches are of all namespaces. */
export function isInScope({ resource }: ResourceVersion, { namespace, verb }: RequestInfo): boolean {
  return resource.namespaced ? namespace !== '' || verb === 'list' || verb === 'watch' : namespace === '';
}

/** Cluster-scoped resources have no paths below a namespace, objects of namespaced ones none outside. */
function fitsScope({ resource }: ResourceVersion, info: RequestInfo): boolean {
  if (!resource.namespaced) return info.namespace === '' || isNamespaceItself(resource, info);
  return info.namespace !== '' || (info.parts.length < 2 && resource.verbs.has('list'));
}

function hasPath({ hasObjects }: Route, { parts }: RequestInfo): boolean {
  return hasObjects || parts.length < 2;
}

/**
 * The name of a namespace stands in the path where those of objects have their namespace, and is authorized as one. No
 * other namespace may be reached by it: rights within one would else be rights to all.
 */
function isNamespaceItself({ resource }: Resource, { namespace, parts }: RequestInfo): boolean {
  return resource === 'namespaces' && parts[1] === namespace;
}

/** HEAD is read as GET, and is for those that are asked what they do with it. */
function fitsMethod({ definition }: Route, method: string | undefined): boolean {
  return method !== 'HEAD' || (definition?.type === 'connect' && definition.methods.includes('HEAD'));
}

function fitsShape({ version, subresource, definition }: Route, { verb, parts, namespace }: RequestInfo): boolean {
  if (definition?.type === 'connect') return parts.length >= 3;
  if (subresource !== '') return parts.length === 3;
  if (!ON_COLLECTIONS.has(verb)) return parts.length === 2;
  if (verb === 'watch' || verb === 'list') return true;
  return parts.length === 1 && (namespace !== '' || !version.resource.namespaced || !IN_ONE_NAMESPACE.has(verb));
}

/** Methods stand for the verbs that they have on objects, as authorization takes them; those that have none on objects, for none. */
function connectVerbs({ methods, connect }: ConnectSubresource, handle: VerbHandler): ReadonlyMap<string, VerbHandler> {
  if (connect === undefined) return new Map();
  return new Map(methods.map((method) => [verbOfMethod[method] ?? '', handle]));
}

/** Of custom resources it is told what they do not do, of others that their paths do not have the method. */
function refusalOf({ resource, schema }: ResourceVersion, { verb }: RequestInfo): () => never {
  return () => {
    throw schema.custom ? methodNotSupported({ group: resource.group, resource: resource.resource }, verb) : methodNotAllowed();
  };
}
