/** CRC-32 of a text from those of its parts, without its bytes: polynomials over GF(2), lowest power in the highest bit. */

const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;

function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

/** x^(8 · 2^n) modulo the polynomial: what 2^n bytes of zeros behind a text do to its CRC. */
const shifts: readonly number[] = (() => {
  let power = 1 << 23; // x^8
  return Array.from({ length: 32 }, () => {
    const shift = power >>> 0;
    power = multiply(power, power);
    return shift;
  });
})();

/** What `bytes` more bytes multiply a CRC by. Worth keeping for a part that is used again. */
export function crcShift(bytes: number): number {
  let shift = ONE;
  for (let rest = bytes, n = 0; rest > 0; rest = Math.floor(rest / 2), n++) {
    if (rest % 2 === 1) shift = multiply(shifts[n] as number, shift);
  }
  return shift >>> 0;
}

/** CRC of two texts in a row; `shift` is `crcShift` of the second one's length. */
export function combineCrc(first: number, second: number, shift: number): number {
  return (multiply(shift, first) ^ second) >>> 0;
}
