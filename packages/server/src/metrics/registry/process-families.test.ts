import { describe, expect, it } from 'vitest';
import { addressSpaceLimit, trafficOf } from './process-families.js';

describe('what Linux tells of a process', () => {
  it('is how much memory it may address', () => {
    const limits = (limit: string) =>
      `Limit Soft Limit Hard Limit Units\nMax file locks unlimited unlimited locks\nMax address space         ${limit} unlimited bytes\n`;
    expect(addressSpaceLimit(limits('unlimited'))).toBe(2 ** 64);
    expect(addressSpaceLimit(limits('4294967296'))).toBe(4294967296);
    expect(addressSpaceLimit('')).toBeUndefined();
  });

  it('is what its network has received and sent', () => {
    const text = 'TcpExt: A InOctets\nTcpExt: 1 2\nIpExt: InMcastPkts InOctets OutOctets\nIpExt: 3 100 200\n';
    expect(trafficOf(text)).toEqual({ received: 100, sent: 200 });
    expect(trafficOf('')).toEqual({ received: undefined, sent: undefined });
  });
});
