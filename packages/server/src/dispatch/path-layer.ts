import { methodNotAllowed, noRepresentation, pathNotFound } from '@keelson/machinery';
import type { Handler, KeelsonContext } from '../http/context.js';
import { parseAccept } from '../respond/negotiate.js';
import type { Layer } from './layer.js';
import { pageNotFound } from './page-not-found.js';

/** `read`: GET only, else 405; `any`: the handler does not care, as upstream's health and OpenAPI handlers do not. */
export type AcceptedMethods = 'read' | 'any';

interface PathHandler {
  readonly handler: Handler;
  readonly methods: AcceptedMethods;
  readonly listed?: boolean;
}

/** Serves paths that are not resources: discovery, OpenAPI, health, metrics, version, debugging. */
export class PathLayer implements Layer {
  readonly name = 'paths';
  readonly #exact = new Map<string, PathHandler>();
  readonly #prefixes: (Omit<PathHandler, 'listed'> & { readonly prefix: string; readonly listed: () => readonly string[] })[] = [];

  handle(path: string, handler: Handler, methods: AcceptedMethods = 'read'): void {
    this.#exact.set(path, { handler, methods });
  }

  /** Like `handle`, for what `/` does not tell of: debugging. */
  handleUnlisted(path: string, handler: Handler, methods: AcceptedMethods = 'read'): void {
    this.#exact.set(path, { handler, methods, listed: false });
  }

  /**
   * Serves a document that is part of the API: with a slash behind it as well, to those who take its media type; and what is not
   * there below it is told of as everywhere in the API.
   */
  handleDocument(path: string, media: string, handler: Handler): void {
    const serve: Handler = (ctx) => {
      if (!accepts(ctx, media)) throw noRepresentation([media]);
      return handler(ctx);
    };
    this.handle(path, serve);
    this.handleUnlisted(`${path}/`, serve);
    this.handlePrefix(`${path}/`, refusePath, 'any');
  }

  unhandle(path: string): void {
    this.#exact.delete(path);
  }

  /** Serves everything below `prefix`, which ends with a slash. `listed`: what `/` tells of it, without the prefix. */
  handlePrefix(prefix: string, handler: Handler, methods: AcceptedMethods = 'read', listed: () => readonly string[] = () => []): void {
    this.#prefixes.push({ prefix, handler, methods, listed });
  }

  /** What `/` lists, sorted. */
  get paths(): string[] {
    const exact = [...this.#exact].flatMap(([path, { listed = true }]) => (listed ? [path] : []));
    return [...exact, ...this.#prefixes.flatMap(({ prefix, listed }) => listed().map((rest) => prefix + rest))].sort();
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { path, isResourceRequest } = ctx.state.info;
    if (isResourceRequest) return undefined;
    const found = this.#exact.get(path) ?? this.#prefixes.find(({ prefix }) => path.startsWith(prefix));
    if (found === undefined) return pageNotFound;
    return found.methods === 'any' || ctx.req.method === 'GET' ? found.handler : refuseMethod;
  }
}

function accepts({ req }: KeelsonContext, media: string): boolean {
  return parseAccept(req.headers.accept || '*/*').some(({ type }) => type === '*/*' || type === media);
}

function refuseMethod(): never {
  throw methodNotAllowed();
}

function refusePath(): never {
  throw pathNotFound();
}
