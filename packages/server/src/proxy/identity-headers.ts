import type { UserInfo } from '@keelson/machinery';
import type { ForwardedHeaders } from './proxied-answer.js';

const EXTRA_PREFIX = 'x-remote-extra-';

/** Whether a header says who somebody is to a server behind a front proxy. */
export function isIdentityHeader(name: string): boolean {
  return name === 'x-remote-user' || name === 'x-remote-uid' || name === 'x-remote-group' || name.startsWith(EXTRA_PREFIX);
}

/** Who asks, as extension servers hear of it from their front proxy. Values are UTF-8, as Node takes them for headers: one character a byte. */
export function identityHeaders({ name, uid = '', groups, extra = {} }: UserInfo): ForwardedHeaders {
  const extras = Object.entries(extra).map(([key, values]) => [`${EXTRA_PREFIX}${escapeHeaderKey(key)}`, values.map(bytes)] as const);
  return {
    'x-remote-user': bytes(name),
    ...(uid !== '' && { 'x-remote-uid': bytes(uid) }),
    ...(groups.length > 0 && { 'x-remote-group': groups.map(bytes) }),
    ...Object.fromEntries(extras.filter(([, values]) => values.length > 0)),
  };
}

function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Bytes that no header's name may have, and the one that escapes, in percent. */
function escapeHeaderKey(key: string): string {
  return bytes(key).replace(/[^!#$&'*+\-.^_`|~0-9A-Za-z]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
