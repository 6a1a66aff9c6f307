import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request of a case, as recorded. */
export interface Step {
  readonly do?: string;
  readonly path?: string;
  readonly id?: string;
  readonly as?: 'admin' | 'alice' | 'anon' | 'invalid';
  readonly accept?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly raw?: string;
  readonly raw64?: string;
  readonly from?: string;
  readonly save?: Readonly<Record<string, string>>;
  readonly cmp?: 'code' | 'head' | 'error' | 'none';
  readonly pick?: string;
  readonly norm?: readonly string[];
  readonly poll?: {
    readonly seconds: number;
    readonly code?: number;
    readonly path?: string;
    readonly value?: unknown;
    readonly text?: string;
  };
  readonly watch?: { readonly events?: number; readonly seconds?: number; readonly start?: string };
  readonly collect?: string;
  readonly sleep?: number;
  readonly etcd?: string;
  readonly compact?: string;
  /** The answer may be reused between cases. */
  readonly cache?: boolean;
}

/** What a step was answered with, normalized. */
export interface Answer {
  readonly code?: number;
  readonly type?: string;
  readonly warn?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly events?: readonly unknown[];
  /** Of a value read in etcd: whether a lease is attached, and how often it was written. */
  readonly lease?: boolean;
  readonly version?: string;
}

/** A recorded conversation with Kubernetes. */
export interface GoldenCase {
  readonly id: string;
  readonly area: string;
  readonly ns?: 'own' | 'shared' | null;
  readonly nsLabels?: Readonly<Record<string, string>>;
  readonly serial?: boolean;
  readonly needs?: string;
  readonly steps: readonly Step[];
  readonly expect: readonly (Answer | null)[];
  readonly cleanup?: readonly Step[];
}

export function readArea(folder: string, area: string): GoldenCase[] {
  const lines = readFileSync(join(folder, `${area}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as GoldenCase);
}
