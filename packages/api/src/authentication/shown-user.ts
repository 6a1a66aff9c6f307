import type { UserInfo } from '@keelson/machinery';
import type { authentication } from '@keelson/schema';

/** A user as reviews tell of one. */
export function shownUser({ name, uid, groups, extra = {} }: UserInfo): authentication.v1.UserInfo {
  const extras = Object.entries(extra).map(([key, values]) => [key, [...values]]);
  return {
    ...(name !== '' && { username: name }),
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(extras.length > 0 && { extra: Object.fromEntries(extras) }),
  };
}
