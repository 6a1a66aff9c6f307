import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity, Quantity } from './quantity.js';

describe('canonical text', () => {
  it.each([
    ['0', '0'],
    ['00', '0'],
    ['0Ki', '0'],
    ['.', '0'],
    ['1', '1'],
    ['+1', '1'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1025Ki', '1025Ki'],
    ['1024Mi', '1Gi'],
    ['307200Ki', '300Mi'],
    ['1025024Mi', '1001Gi'],
    ['1000M', '1G'],
    ['0.001T', '1G'],
    ['0.5', '500m'],
    ['1.08', '1080m'],
    ['1080000000n', '1080m'],
    ['1.', '1'],
    ['1.G', '1G'],
    ['.001Ki', '1024m'],
    ['.000000001Ki', '1024n'],
    ['.000000000001Ki', '2n'],
    ['100.035Ki', '102435840m'],
    ['0.5Mi', '512Ki'],
    ['1.5Gi', '1536Mi'],
    ['.001e12', '1e9'],
    ['1000e-12', '1e-9'],
    ['1.3E+6', '1300e3'],
    ['1e0', '1'],
    ['0.5e-1', '50e-3'],
    ['12E', '12E'],
    ['1000E', '1e21'],
    ['3.001n', '4n'],
    ['0.0000000001', '1n'],
    ['0.5e-9', '1e-9'],
    ['1e-1000', '1e-9'],
    ['9Ei', '9223372036854775807'],
    ['9223372036854775807Ki', '9223372036854775807'],
    ['7Ei', '7Ei'],
    ['999999999Gi', '999999999Gi'],
    ['9999999999Gi', '9223372036854775807'],
    ['100m', '100m'],
    ['1000m', '1'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
    expect(Quantity.parse(text).toString()).toBe(canonical);
    const negative = canonical === '0' ? '0' : `-${canonical}`;
    expect(Quantity.parse(`-${text.replace('+', '')}`).toString()).toBe(negative);
  });

  it('keeps the exponent of a canonical text as it is spelled', () => {
    expect(canonicalQuantity('1E3')).toBe('1E3');
    expect(canonicalQuantity('1000E3')).toBe('1e6');
  });

  it('prints a JSON string', () => {
    expect(JSON.stringify({ cpu: Quantity.parse('1500m') })).toBe('{"cpu":"1500m"}');
  });
});

describe('errors', () => {
  const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  it.each(['', '1.1.M', '1+1.0M', '0.1am', 'aoeu', ' 1', '1 ', '1\n', '9'.repeat(1001)])('%j has the wrong format', (text) => {
    expect(() => canonicalQuantity(text)).toThrow(new RangeError(formatWrong));
  });

  it.each(['0.1mi', '.5i', '1i', '-3.01i', '-3.01e-', '1KiKi', '5-5', '1e1001'])('%j has an unknown suffix', (text) => {
    expect(() => canonicalQuantity(text)).toThrow(new RangeError("unable to parse quantity's suffix"));
  });
});

describe('arithmetic', () => {
  it.each([
    ['0', '0', 0],
    ['100m', '50m', 1],
    ['50m', '100m', -1],
    ['10000T', '100Gi', 1],
    ['1Ki', '1024', 0],
    ['-1', '1n', -1],
    ['1e18', '1E', 0],
  ])('%s compared with %s is %i', (a, b, expected) => {
    expect(Quantity.parse(a).compare(Quantity.parse(b))).toBe(expected);
    expect(Quantity.parse(a).equals(Quantity.parse(b))).toBe(expected === 0);
  });

  it.each([
    ['1', '1', '2', '0'],
    ['1Gi', '512Mi', '1536Mi', '512Mi'],
    ['1Gi', '1', '1073741825', '1073741823'],
    ['100m', '0', '100m', '100m'],
    ['0', '1Gi', '1Gi', '-1Gi'],
    ['900m', '100m', '1', '800m'],
  ])('%s and %s', (a, b, sum, difference) => {
    expect(Quantity.parse(a).add(Quantity.parse(b)).toString()).toBe(sum);
    expect(Quantity.parse(a).sub(Quantity.parse(b)).toString()).toBe(difference);
  });

  it('rounds away from zero', () => {
    expect(Quantity.parse('9.01').value()).toBe(10n);
    expect(Quantity.parse('-9.01').value()).toBe(-10n);
    expect(Quantity.parse('1.0001').milliValue()).toBe(1001n);
    expect(Quantity.parse('9.01').scaledValue(2)).toBe(1n);
    expect(Quantity.parse('1k').milliValue()).toBe(1_000_000n);
  });

  it('holds values within 64 bits', () => {
    expect(Quantity.parse('100E').value()).toBe(2n ** 63n - 1n);
    expect(Quantity.parse('-100E').value()).toBe(-(2n ** 63n));
  });

  it('is made of a number', () => {
    expect(Quantity.of(1500, -3).toString()).toBe('1500m');
    expect(Quantity.of(2048, 0, 'BinarySI').toString()).toBe('2Ki');
    expect(Quantity.parse('1500m').toNumber()).toBe(1.5);
    expect(Quantity.zero.sign).toBe(0);
  });
});

describe('properties', () => {
  const format = fc.constantFrom('BinarySI' as const, 'DecimalSI' as const, 'DecimalExponent' as const);
  const quantity = fc
    .tuple(fc.bigInt(-(2n ** 62n), 2n ** 62n), fc.integer({ min: -12, max: 12 }), format)
    .map(([digits, scale, form]) => Quantity.of(digits, scale, form));
  const text = fc
    .tuple(
      fc.constantFrom('', '+', '-'),
      fc.nat(2 ** 40),
      fc.option(fc.nat(10 ** 9)),
      fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'e3', 'E-6'),
    )
    .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${suffix}`);

  it('reads back what it prints', () => {
    // A big binary one cannot: it is held within 64 bits when read.
    const readable = quantity.filter((q) => q.format !== 'BinarySI' || (q.value() < 2n ** 62n && q.value() > -(2n ** 62n)));
    fc.assert(fc.property(readable, (q) => Quantity.parse(q.toString()).equals(q)));
  });

  it('has one canonical text', () => {
    fc.assert(
      fc.property(text, (input) => {
        const canonical = canonicalQuantity(input);
        expect(canonicalQuantity(canonical)).toBe(canonical);
        expect(Quantity.parse(input).toString()).toBe(canonical);
      }),
    );
  });

  it('subtracts what was added', () => {
    fc.assert(fc.property(quantity, quantity, (a, b) => a.add(b).sub(b).equals(a)));
  });

  it('orders as numbers do', () => {
    fc.assert(fc.property(quantity, quantity, (a, b) => a.compare(b) === a.sub(b).sign && a.compare(b) === -b.compare(a) + 0));
  });
});
