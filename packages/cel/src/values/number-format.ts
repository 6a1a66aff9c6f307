/** A double in its shortest form, with an exponent where it is a million and more, or less than a ten-thousandth (Go's `%g`). */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return plain(value);
  const sign = power < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

const MAX_DECIMALS = 100;

/** With so many decimals, at most a hundred; what is halfway between two is rounded to the even one (Go's `%f`). */
export function decimals(value: number, count: number): string {
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${count > 0 ? `.${'0'.repeat(count)}` : ''}`;
  const rounded = value.toFixed(count);
  const isHalfway = count < MAX_DECIMALS && /^50*$/.test(value.toFixed(MAX_DECIMALS).slice(count - MAX_DECIMALS));
  if (!isHalfway || /[02468]$/.test(rounded)) return rounded;
  // JavaScript has rounded the last digit up, away from the even one below.
  return `${rounded.slice(0, -1)}${Number(rounded.at(-1)) - 1}`;
}

/** Without an exponent, whatever the size. */
export function plain(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits, exponent] = text.split('e') as [string, string];
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?];
  const power = Number(exponent);
  const sign = value < 0 ? '-' : '';
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(power, '0')}`;
}
