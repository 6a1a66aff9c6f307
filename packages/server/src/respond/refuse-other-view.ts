import { ApiError } from '@keelson/machinery';
import { messageNameOf } from '@keelson/schema';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Negotiated } from './negotiate.js';

/** Metadata of one object and of a list are different views; who asks for that of the other is told so when it is read. */
export function refuseOtherView(version: ResourceVersion, shape: 'object' | 'list', { view }: Negotiated): void {
  if (shape === 'object' && view === 'PartialObjectMetadataList')
    throw wrongView(`${view}, but the requested object is not a list (*${typeName(version)})`);
  if (shape === 'list' && view === 'PartialObjectMetadata')
    throw wrongView(`${view}, but the requested object is a list (*${typeName(version)}List)`);
}

function wrongView(what: string): ApiError {
  return new ApiError(406, 'NotAcceptable', `you requested ${what}`);
}

/** The name of the type inside Kubernetes, such as `core.ConfigMap`: messages show it. */
function typeName({ resource: { hub, definition } }: ResourceVersion): string {
  if (definition.typeName !== undefined) return definition.typeName;
  return hub.custom ? 'unstructured.Unstructured' : `${messageNameOf(hub).split('.', 1)[0]}.${hub.kind}`;
}
