import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import { jsonPrefix } from './json-prefix.js';

/** A whole JSON document of an object that is not stored as such, a newline at its end. */
export function objectDocument(schema: KindSchema, object: KubeObject): Buffer {
  return schema.codec.toDocument(schema.codec.encode(object), jsonPrefix(schema), object.metadata?.resourceVersion);
}
