import { describe, expect, it } from 'vitest';
import { ServerNames } from './server-names.js';
import { renewed, server } from './testing/certificates.js';

describe('ServerNames', () => {
  it('finds whole names before wildcards of one label, in any case', () => {
    const names = new ServerNames(
      [
        { names: ['*.example.com'], ...server },
        { names: ['a.example.com'], ...renewed },
      ],
      {},
    );
    const wild = names.find('b.example.com');
    expect(wild).toBeDefined();
    expect(names.find('A.Example.com')).not.toBe(wild);
    expect(names.find('B.example.com')).toBe(wild);
    expect([names.find('example.com'), names.find('c.b.example.com'), names.find('')]).toEqual([undefined, undefined, undefined]);
  });

  it('reads names from a certificate that is given none; given names and earlier certificates go first', () => {
    const read = new ServerNames([{ names: [], ...server }], {});
    expect(read.find('localhost')).toBe(read.find('server'));
    expect(read.find('localhost')).toBeDefined();
    expect(read.find('127.0.0.1')).toBeUndefined();
    const both = new ServerNames(
      [
        { names: [], ...server },
        { names: ['localhost'], ...renewed },
      ],
      {},
    );
    expect(both.find('localhost')).not.toBe(both.find('server'));
    const twice = new ServerNames(
      [
        { names: ['x'], ...server },
        { names: ['x', 'y'], ...renewed },
      ],
      {},
    );
    expect(twice.find('x')).not.toBe(twice.find('y'));
  });

  it('refuses a certificate with the key of another', () => {
    expect(() => new ServerNames([{ names: [], certificate: server.certificate, key: renewed.key }], {})).toThrow('key values mismatch');
  });
});
