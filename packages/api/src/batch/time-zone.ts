/** First parts of the names in the IANA database; names are told apart by case, which the runtime does not do. */
const regions = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US'.split(' '),
);

/** Names without a region: they are short, and written in capitals but for these. */
const mixedCase = new Set(
  'Cuba Egypt Eire Factory GB-Eire Greenwich Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya Navajo Poland Portugal Singapore Turkey Universal Zulu'.split(
    ' ',
  ),
);

/** What is wrong with the name of a time zone; undefined when nothing is. */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string';
  if (name.toLowerCase() === 'local') return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  return isWrittenRight(name) && isKnown(name) ? undefined : `unknown time zone ${name}`;
}

function isWrittenRight(name: string): boolean {
  const [first = '', ...rest] = name.split('/');
  // Since Node 22 the runtime also takes offsets such as +01:00, which are no names.
  if (rest.length === 0) return mixedCase.has(name) || /^[A-Z][A-Z\d+-]*$/.test(name);
  return regions.has(first) && rest.every((part) => /^[A-Z]/.test(part) && (/[a-z]/.test(part) || first === 'Etc'));
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
