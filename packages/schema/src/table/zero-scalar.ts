import type { Json } from '@keelson/machinery';
import type { ScalarKind } from '../schema.js';
import type { MessageField } from './message-table.js';

/** Whether a field is written even when it has no value. */
export function isAlwaysThere({ cardinality, presence }: MessageField): boolean {
  return cardinality === 'one' && presence === 'always';
}

/** What is written of a scalar that has no value; of bytes that would be null, which is no value either. */
export function zeroScalar(scalar: ScalarKind | undefined): Json | undefined {
  if (scalar === undefined || scalar === 'bytes') return undefined;
  if (scalar === 'string') return '';
  return scalar === 'bool' ? false : 0;
}
