import type { GroupVersionKind } from '@keelson/machinery';
import type { JsonSchema, KindSchema } from '@keelson/schema';
import { CustomCodec } from './custom-codec.js';
import { customType } from './custom-type.js';
import { definitionName } from './definition-name.js';

export interface CustomKind extends KindSchema {
  readonly codec: CustomCodec;
  readonly schema: JsonSchema;
}

/** A kind that a definition describes, as the rest of the server sees kinds. */
export function customKind(gvk: GroupVersionKind, schema: JsonSchema): CustomKind {
  const { group, version, kind } = gvk;
  return { group, version, kind, type: customType(definitionName(gvk), schema), codec: new CustomCodec(gvk, schema), schema, custom: true };
}
