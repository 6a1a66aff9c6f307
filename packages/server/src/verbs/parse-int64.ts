import { badRequest, quote } from '@keelson/machinery';

const LIMIT = 2n ** 63n;

/** A decimal parameter of 64 bits; 400 with Go's words for anything else. What no double holds exactly is rounded. */
export function parseInt64(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  const digits = text.replace(/^[-+]?0*(?=\d)/, '');
  const isNegative = text.startsWith('-');
  if (digits.length > 19 || BigInt(digits) > (isNegative ? LIMIT : LIMIT - 1n))
    throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
  return isNegative ? -Number(digits) : Number(digits);
}
