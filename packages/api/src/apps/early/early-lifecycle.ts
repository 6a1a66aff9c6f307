import type { KindSchema } from '@keelson/schema';
import type { Lifecycle } from '../../conversion/deprecation-text.js';

const removed = '1.16';

/** Of a kind in extensions/v1beta1 and apps/v1beta1, which apps/v1beta2 made old. */
export function ofV1beta1(use: KindSchema): Lifecycle {
  return { deprecated: '1.8', removed, use };
}

/** Of a kind in apps/v1beta2, which v1 made old one release later. */
export function ofV1beta2(use: KindSchema): Lifecycle {
  return { deprecated: '1.9', removed, use };
}
