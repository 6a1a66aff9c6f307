/** A finite number the way Go's `%g` prints it. */
export function formatGoFloat(value: number): string {
  return fromExponential(value.toExponential());
}

/** The same for what the number is rounded to single precision. */
export function formatGoFloat32(value: number): string {
  const single = Math.fround(value);
  for (let digits = 0; digits < 9; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return fromExponential(text);
  }
  return fromExponential(single.toExponential());
}

/** From so many digits before the point on, there is an exponent instead. */
const maxDigits = 6;

function fromExponential(text: string): string {
  const [digits = '', power = '0'] = text.split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < maxDigits) return plain(Number(text));
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plain(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A number as Go prints it: integers of 64 bits as such, all others as `%g` does. */
export function formatGoNumber(value: number | bigint): string {
  return isInt64(value) ? String(BigInt(value)) : formatGoFloat(Number(value));
}

/** Whether Kubernetes holds the number as an integer. */
export function isInt64(value: number | bigint): boolean {
  return typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) < 2 ** 63);
}
