import { ApiError } from '@keelson/machinery';
import type { Handler, KeelsonContext } from '../http/context.js';
import type { Layer } from './layer.js';

/** Serves paths that are not resources: discovery, OpenAPI, health, metrics, version. Read-only. */
export class PathLayer implements Layer {
  readonly name = 'paths';
  readonly #exact = new Map<string, Handler>();
  readonly #prefixes: { readonly prefix: string; readonly handler: Handler }[] = [];

  handle(path: string, handler: Handler): void {
    this.#exact.set(path, handler);
  }

  /** Serves everything below `prefix`, which ends with a slash. */
  handlePrefix(prefix: string, handler: Handler): void {
    this.#prefixes.push({ prefix, handler });
  }

  /** Every path, sorted: what `/` lists. */
  get paths(): string[] {
    return [...this.#exact.keys()].sort();
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { path, isResourceRequest } = ctx.state.info;
    if (isResourceRequest) return undefined;
    const handler = this.#exact.get(path) ?? this.#exact.get(withoutTrailingSlash(path)) ?? this.#below(path);
    if (handler === undefined) return undefined;
    return ctx.req.method === 'GET' || ctx.req.method === 'HEAD' ? handler : methodNotAllowed;
  }

  #below(path: string): Handler | undefined {
    return this.#prefixes.find(({ prefix }) => path.startsWith(prefix))?.handler;
  }
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function methodNotAllowed(): never {
  throw new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
