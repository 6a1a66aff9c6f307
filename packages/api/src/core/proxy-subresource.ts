import type { ConnectSubresource } from '@keelson/server';

/** HTTP to a pod, service or node through the server, with any method. */
export function proxySubresource(kind: string): ConnectSubresource {
  return { type: 'connect', kind, methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] };
}
