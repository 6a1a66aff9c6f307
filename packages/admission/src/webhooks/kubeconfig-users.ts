import type { KubeconfigUsers } from '@keelson/schema';
import type { WebhookCredentials } from './webhook-client.js';

const HTTPS = ':443';

/** As Kubernetes looks for them: `host:port`, `*.domain:port`, both without the default port, `*`, then the current user. */
export function credentialsFrom({ users, current }: KubeconfigUsers): WebhookCredentials {
  const byName = (name: string) => users.get(name) ?? domainsOf(name).reduce(firstOf(users), undefined);
  return (target) => {
    const portless = target.endsWith(HTTPS) ? byName(target.slice(0, -HTTPS.length)) : undefined;
    return byName(target) ?? portless ?? users.get('*') ?? (current === undefined ? undefined : users.get(current)) ?? {};
  };
}

/** `*.b.c`, `*.c` for `a.b.c`. */
function domainsOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`);
}

function firstOf<T>(among: ReadonlyMap<string, T>) {
  return (found: T | undefined, name: string): T | undefined => found ?? among.get(name);
}
