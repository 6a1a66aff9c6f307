import type { JsonObject } from '@keelson/machinery';
import { describeMisfit } from './describe-misfit.js';
import { fits } from './fits.js';
import type { StructType } from './merge-type.js';

/** An object is not as a schema says: by that schema nobody can tell who owns what. */
export class MisfitError extends Error {}

/** Throws `MisfitError`, which begins with `where`. Unlike applied objects, others may have items twice. */
export function checkFits(object: JsonObject, type: StructType, where = ''): void {
  if (!fits(object, type)) throw new MisfitError(where + describeMisfit(object, type, { repeated: true }));
}

/** Does it; a misfit is told of as one of `where`. */
export function fittingIn<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof MisfitError ? new MisfitError(where + error.message) : error;
  }
}
