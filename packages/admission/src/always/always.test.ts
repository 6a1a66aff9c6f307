import type { AdmissionAttributes, AdmissionPlugin, ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, pods } from '../testing/attributes.js';
import { alwaysAdmit } from './always-admit.js';
import { alwaysDeny } from './always-deny.js';

const operations: AdmissionAttributes['operation'][] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

async function outcomes(plugin: AdmissionPlugin, operation: AdmissionAttributes['operation']): Promise<unknown[]> {
  const written = attributes(pods, operation, { metadata: { name: 'web' } });
  const failures = [await failureOf(() => plugin.admit?.(written)), await failureOf(() => plugin.validate?.(written))];
  return [plugin.handles(operation), ...failures.map((error) => (error as ApiError | undefined)?.message)];
}

describe.each(operations)('%s', (operation) => {
  it('is always admitted by one', async () => {
    expect(await outcomes(alwaysAdmit, operation)).toEqual([true, undefined, undefined]);
  });

  it('is always denied by the other', async () => {
    const denied = 'pods "web" is forbidden: admission control is denying all modifications';
    expect(await outcomes(alwaysDeny, operation)).toEqual([true, denied, denied]);
  });
});
