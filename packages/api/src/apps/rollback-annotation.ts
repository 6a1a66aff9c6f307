import type { ObjectMeta } from '@keelson/machinery';
import { integerAnnotation, withAnnotation, withoutAnnotation } from '../conversion/annotations.js';

/** How a deployment is told the revision to go back to since that is no field any more. */
const rollbackTo = 'deprecated.deployment.rollback.to';

/** The revision a deployment is to go back to, 0 for the one before; undefined when it is to stay. */
export function rollbackRevision(metadata: ObjectMeta): number | undefined {
  return integerAnnotation(metadata, rollbackTo);
}

export function withRollback(metadata: ObjectMeta, revision: number | undefined): ObjectMeta {
  return revision === undefined ? metadata : withAnnotation(metadata, rollbackTo, String(revision));
}

export function withoutRollback(metadata: ObjectMeta): ObjectMeta {
  return rollbackRevision(metadata) === undefined ? metadata : withoutAnnotation(metadata, rollbackTo);
}
