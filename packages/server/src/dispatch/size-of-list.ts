import type { RequestInfo } from '../filters/request-info.js';
import type { Layer, ListSize } from './layer.js';

/** How much a list of what a request is about would read, as the layer tells that serves it. */
export function sizeOfList(layers: readonly Layer[], info: RequestInfo): ListSize | undefined {
  for (const layer of layers) {
    const size = layer.sizeOf?.(info);
    if (size !== undefined) return size;
  }
  return undefined;
}
