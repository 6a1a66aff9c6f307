import { ApiError } from '@keelson/machinery';
import type { Handler, KeelsonContext, Layer, RequestInfo, ResourceLayer } from '@keelson/server';
import type { RangeSize } from '@keelson/storage';
import type { ServedDefinition } from './served-definition.js';

/** The link of the server chain that serves custom resources: those of definitions that are established. */
export class CustomResourceLayer implements Layer {
  readonly name = 'extensions';
  readonly #definitions = new Map<string, ServedDefinition>();
  #resources: ResourceLayer | undefined;

  /** Routes are those of any other resource, kept apart from the server's own. */
  connect(resources: ResourceLayer): void {
    this.#resources = resources;
  }

  set(definition: ServedDefinition): void {
    this.#definitions.set(definition.name, definition);
  }

  delete(name: string): void {
    this.#definitions.delete(name);
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    const { info } = ctx.state;
    if (!info.isResourceRequest) return undefined;
    const definition = this.#definitions.get(`${info.resource}.${info.apiGroup}`);
    if (definition === undefined) return undefined;
    const handler = this.#resources?.resolve(ctx);
    if (handler !== undefined && definition.terminating && info.verb === 'create' && info.subresource === '')
      return refuseCreate(definition);
    return handler;
  }

  sizeOf(info: RequestInfo): RangeSize | undefined {
    return this.#resources?.sizeOf(info);
  }
}

/** What is being deleted gets no new objects. */
function refuseCreate(definition: ServedDefinition): Handler {
  return () => {
    throw notWhileTerminating(definition);
  };
}

function notWhileTerminating({ groupResource }: ServedDefinition): ApiError {
  const { group, resource } = groupResource;
  return new ApiError(405, 'MethodNotAllowed', 'create not allowed while custom resource definition is terminating', {
    group,
    kind: resource,
  });
}
