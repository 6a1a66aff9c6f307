/** Where commands write for the person who typed them. */
export interface Output {
  print(text: string): void;
  warn(text: string): void;
  fail(text: string): void;
}

export const terminal: Output = {
  print: (text) => void process.stdout.write(`${text}\n`),
  warn: (text) => void process.stderr.write(`Warning: ${text}\n`),
  fail: (text) => void process.stderr.write(`Error: ${text}\n`),
};
