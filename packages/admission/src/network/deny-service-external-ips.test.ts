import type { ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, target } from '../testing/attributes.js';
import { denyServiceExternalIps } from './deny-service-external-ips.js';

const service = (externalIPs?: string[]) => ({ metadata: { name: 's' }, spec: { ...(externalIPs && { externalIPs }) }, status: {} });

async function judged(ips: string[] | undefined, oldIps?: string[] | null, subresource = '', resource = 'services'): Promise<string> {
  const more = { subresource, ...(oldIps !== undefined && { oldObject: service(oldIps ?? undefined) }) };
  const written = attributes(target('', 'Service', resource), oldIps === undefined ? 'CREATE' : 'UPDATE', service(ips), more);
  const error = (await failureOf(() => denyServiceExternalIps.validate?.(written))) as ApiError | undefined;
  return error?.message ?? 'admitted';
}

const denied = 'services "s" is forbidden: Use of external IPs is denied by admission control';

describe('DenyServiceExternalIPs', () => {
  it.each<[string, string[] | undefined, string[] | null | undefined, string]>([
    ['none', undefined, undefined, 'admitted'],
    ['no more than before', ['1.1.1.1'], ['2.2.2.2', '1.1.1.1'], 'admitted'],
    ['one in a new service', ['1.1.1.1'], undefined, denied],
    ['the first', ['1.1.1.1'], null, denied],
    ['another one', ['1.1.1.1', '3.3.3.3'], ['1.1.1.1'], denied],
  ])('%s', async (_, ips, oldIps, expected) => {
    expect(await judged(ips, oldIps)).toBe(expected);
  });

  it('leaves subresources and other kinds', async () => {
    expect(await judged(['1.1.1.1'], undefined, 'status')).toBe('admitted');
    expect(await judged(['1.1.1.1'], undefined, '', 'others')).toBe('admitted');
  });
});
