import { ApiError, notFound } from '@keelson/machinery';
import {
  type Handler,
  isInScope,
  type KeelsonContext,
  type Layer,
  type ListSize,
  type RequestInfo,
  type ResourceLayer,
} from '@keelson/server';
import { reachable, type ServedDefinition } from './served-definition.js';

/** The link of the server chain that serves custom resources: those of definitions whose names are accepted. */
export class CustomResourceLayer implements Layer {
  readonly name = 'extensions';
  readonly #definitions = new Map<string, ServedDefinition>();
  #resources: ResourceLayer | undefined;

  /** Routes are those of any other resource, kept apart from the server's own. */
  connect(resources: ResourceLayer): void {
    this.#resources = resources;
  }

  set(definition: ServedDefinition): void {
    this.#definitions.set(keyOf(definition), definition);
  }

  delete(definition: ServedDefinition): void {
    this.#definitions.delete(keyOf(definition));
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { info } = ctx.state;
    const definition = info.isResourceRequest ? this.#definitions.get(`${info.resource}.${info.apiGroup}`) : undefined;
    if (definition === undefined) return undefined;
    const handler = this.#resources?.resolve(ctx);
    if (handler !== undefined && definition.terminating && info.verb === 'create' && info.subresource === '')
      return () => refuse(notWhileTerminating(definition));
    if (handler !== undefined || info.subresource === '' || !serves(definition, info)) return handler;
    return () => refuse(notFound(definition.groupResource, info.name));
  }

  sizeOf(info: RequestInfo): ListSize | undefined {
    return this.#resources?.sizeOf(info);
  }
}

function keyOf({ groupResource: { group, resource } }: ServedDefinition): string {
  return `${resource}.${group}`;
}

function serves(definition: ServedDefinition, info: RequestInfo): boolean {
  return reachable(definition).some((version) => version.version === info.apiVersion && isInScope(version, info));
}

function refuse(why: ApiError): never {
  throw why;
}

/** What is being deleted gets no new objects. */
function notWhileTerminating({ groupResource: { group, resource } }: ServedDefinition): ApiError {
  const message = 'create not allowed while custom resource definition is terminating';
  return new ApiError(405, 'MethodNotAllowed', message, { group, kind: resource });
}
