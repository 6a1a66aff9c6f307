import type { ApiGroup } from '@keelson/server';
import { appsGroup } from './apps/group.js';
import { coreGroup } from './core/group.js';

/** Every built-in group, in discovery order. */
export const builtInGroups: readonly ApiGroup[] = [coreGroup, appsGroup];
