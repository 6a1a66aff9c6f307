import { createHash } from 'node:crypto';

/** A value that shows its own damage: a number, and as much filling as the number says, sealed by a digest. */
export function sealedValue(sequence: number): Buffer {
  const body = Buffer.from(`${sequence}:${'x'.repeat((sequence * 7919) % 20_000)}`);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

/** The number of a sealed value; throws when a byte of it is wrong. */
export function unseal(value: Buffer): number {
  const sequence = Number.parseInt(value.toString('latin1', 32, 52), 10);
  if (!value.equals(sealedValue(sequence))) throw new Error(`torn value: ${value.length} bytes, said to be number ${sequence}`);
  return sequence;
}

export interface Acknowledged {
  readonly key: string;
  readonly sequence: number;
  readonly revision: number;
}

/** One line per acknowledged write. */
export function reportLine({ key, sequence, revision }: Acknowledged): string {
  return `${key} ${sequence} ${revision}\n`;
}

/** The whole lines of a report; a line that was cut off by the kill was not acknowledged to anybody. */
export function parseReport(report: string): Acknowledged[] {
  return report
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [key = '', sequence, revision] = line.split(' ');
      return { key, sequence: Number(sequence), revision: Number(revision) };
    });
}
