/** One field of a record (quoted or plain) and what ends it. */
const fieldAt = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Reads comma-separated values (RFC 4180) into records. Blank lines are skipped. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length || record.length > 0) {
    fieldAt.lastIndex = at;
    const match = fieldAt.exec(text);
    if (match === null) throw new SyntaxError(`record ${records.length + 1}: a quote is out of place`);
    const [, quoted, plain = '', end] = match;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at = fieldAt.lastIndex;
    if (end === ',') continue;
    if (record.length > 1 || record[0] !== '' || quoted !== undefined) records.push(record);
    record = [];
  }
  return records;
}
