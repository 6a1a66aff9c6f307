import { validateKindSchema } from '@keelson/api';
import { type CustomKind, customKind } from '@keelson/extensions';
import { formatGroupVersion, type GroupVersionKind, path } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import { kindSchema } from './kind-schema.js';
import type { Shape } from './object-of.js';

/** The kind of an author's objects. Throws when its schema is none that Kubernetes would take, such as one with a rule that does not compile. */
export function authoredKind(gvk: GroupVersionKind, shape: Shape<AnySchema, AnySchema, Fields>, description: string): CustomKind {
  const schema = kindSchema(shape, description);
  const problems = validateKindSchema(schema, path('schema'));
  if (problems.length > 0) throw new Error(`${formatGroupVersion(gvk)} ${gvk.kind}: ${problems.join(', ')}`);
  return customKind(gvk, schema);
}
