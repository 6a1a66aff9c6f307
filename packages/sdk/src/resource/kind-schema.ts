import type { JsonSchema } from '@keelson/schema';
import { type Fields, ObjectSchema } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { Shape } from './object-of.js';

/** The schema of a kind's objects. What can be filled in as a whole is filled in, so that handlers always find it. */
export function kindSchema({ spec, status, fields = {} }: Shape<AnySchema, AnySchema, Fields>, description = ''): JsonSchema {
  const own: Fields = { ...(spec && { spec }), ...(status && { status: status.optional() }), ...fields };
  const entries = Object.entries(own).map(([name, schema]) => [name, schema, isFillable(schema)] as const);
  const required = entries.filter(([, { presence }, fillable]) => presence === 'required' && !fillable).map(([name]) => name);
  return {
    type: 'object',
    ...(description !== '' && { description }),
    properties: Object.fromEntries(entries.map(([name, { json }, fillable]) => [name, fillable ? { ...json, default: {} } : json])),
    ...(required.length > 0 && { required }),
  };
}

function isFillable(schema: AnySchema): boolean {
  return schema instanceof ObjectSchema && schema.presence === 'required' && schema.isFillable;
}
