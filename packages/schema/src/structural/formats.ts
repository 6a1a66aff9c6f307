import { isIP, isIPv4, isIPv6 } from 'node:net';
import { parseDuration } from '@keelson/machinery';

type Format = (text: string) => boolean;

const matches =
  (pattern: RegExp): Format =>
  (text) =>
    pattern.test(text);

const hexDigits = '[0-9a-f]';
const uuid = (version: string, variant: string): Format =>
  matches(new RegExp(`^${hexDigits}{8}-?${hexDigits}{4}-?${version}${hexDigits}{3}-?${variant}${hexDigits}{3}-?${hexDigits}{12}$`, 'i'));

const isbn10: Format = (text) => {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => total + (digit === 'X' ? 10 : Number(digit)) * (at + 1), 0);
  return sum % 11 === 0;
};

const isbn13: Format = (text) => {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
};

const creditCards =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;

// Anything may stand before a fraction, and nothing says how far away a zone can be.
const dayTime = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/s;

const date: Format = (text) => {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
};

const isDateTime: Format = (text) => {
  const [day = '', time = ''] = text.toLowerCase().split('t');
  const [, hour, minute, second] = dayTime.exec(time) ?? [];
  return hour !== undefined && date(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
};

/** Go's notation, or numbers with words for units: `22 ns`, `3 days`. */
const duration: Format = (text) => {
  try {
    parseDuration(text);
    return true;
  } catch {
    return /^\s*\d+\s*(ns|nanos?|nanoseconds?|us|\u00b5s|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s*$/.test(
      text,
    );
  }
};

const cidr: Format = (text) => {
  const [address = '', bits = '', ...more] = text.split('/');
  return more.length === 0 && /^\d{1,3}$/.test(bits) && isIP(address) !== 0 && Number(bits) <= (isIPv4(address) ? 32 : 128);
};

const requestUri: Format = (text) => text.startsWith('/') || (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text));

/** One label of anything, or several of which the last has letters only. */
const hostnames =
  /^(?:[a-z0-9\p{S}\p{L}](?:-?[a-z0-9\p{S}\p{L}]{0,62})?|(?:[a-z0-9\p{S}\p{L}](?:[a-z0-9\-\p{S}\p{L}]{0,61}[a-z0-9\p{S}\p{L}])?\.)+[a-z\p{L}]{2,63})$/iu;

const hostname: Format = (text) =>
  hostnames.test(text) && Buffer.byteLength(text) <= 255 && text.split('.').every((label) => Buffer.byteLength(label) <= 63);

const channel = '\\s*(25[0-5]|2[0-4]\\d|1?\\d{1,2})\\s*';

/**
 * Formats of text that the schemas of custom resources know, by their names without dashes; all others mean nothing. Those that came with
 * v1.34, of short and long names, mean nothing in v1.34 yet: the version before it would not know them.
 */
const formats: Readonly<Record<string, Format>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  uri: requestUri,
  email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
  hostname,
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr,
  mac: matches(
    /^[0-9a-f]{2}(([:-])[0-9a-f]{2}){5}((\2[0-9a-f]{2}){2}|(\2[0-9a-f]{2}){14})?$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2}((\.[0-9a-f]{4})|(\.[0-9a-f]{4}){7})?$/i,
  ),
  uuid: uuid(hexDigits, hexDigits),
  uuid3: uuid('3', hexDigits),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
  isbn: (text) => isbn10(text) || isbn13(text),
  isbn10,
  isbn13,
  creditcard: (text) => creditCards.test(text.replace(/\D/g, '')),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: matches(new RegExp(`^rgb\\(${channel},${channel},${channel}\\)$`)),
  byte: matches(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
  password: () => true,
  date,
  duration,
  datetime: isDateTime,
};

/** Whether text of this format has to look like anything. */
export function isTextFormat(name: string): boolean {
  return textFormat(name) !== undefined;
}

/** How text of this format looks; undefined for a format that means nothing here. */
export function textFormat(name: string): Format | undefined {
  const normalized = name.replaceAll('-', '');
  return Object.hasOwn(formats, normalized) ? formats[normalized] : undefined;
}
