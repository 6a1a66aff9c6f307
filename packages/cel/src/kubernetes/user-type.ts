import type { UserInfo } from '@keelson/machinery';
import type { Declarations } from '../types/declared-types.js';
import { listOf, mapOf, STRING, structType } from '../types/type.js';
import type { JsonMap } from '../values/value.js';

const STRINGS = listOf(STRING);

export const USER_INFO = structType('kubernetes.UserInfo');

export const userTypes: Declarations = {
  [USER_INFO.name]: { username: STRING, uid: STRING, groups: STRINGS, extra: mapOf(STRING, STRINGS) },
};

/** A user as expressions see one. */
export function userValue({ name, uid, groups, extra }: UserInfo): JsonMap {
  return { username: name, ...(uid && { uid }), ...(groups.length > 0 && { groups }), ...(extra && { extra }) };
}
