/** A table as rows of cells; columns are two or more blanks apart, ages become `<age>`. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) =>
    line
      .trim()
      .split(/ {2,}/)
      .map((cell) => cell.replace(/^(\d+[smhd])+$/, '<age>')),
  );
}

/** Text without colours and with single blanks, for texts whose layout is kubectl's own affair. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with one
  return text.replace(/\u001b\[[\d;]*m/g, '').replace(/[ \t]+/g, ' ');
}

/** What `kubectl describe` prints, by line: without the blanks that line values up. */
export function describedLines(text: string): string[] {
  return plainText(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
