import type { RemoteAccess } from '@keelson/machinery';

/** The same server at a path below its URL. What changes with time, such as a token, is asked of `access` each time. */
export function serverAt(access: RemoteAccess, path: string): RemoteAccess {
  return {
    ...access,
    server: `${access.server.replace(/\/+$/, '')}${path}`,
    get authorization() {
      return access.authorization as string;
    },
  };
}
