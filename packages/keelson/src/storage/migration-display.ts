import type { Output } from '../output.js';
import type { MigrationCounts } from './checkpoint.js';

/** What of a resource is done in this run, out of how many objects. */
export interface ResourceProgress extends MigrationCounts {
  readonly resource: string;
  readonly seen: number;
  readonly total: number;
}

/** Shows how a migration gets on. */
export interface MigrationDisplay {
  update(progress: ResourceProgress): void;
  /** The resource is finished, or given up. */
  end(progress: ResourceProgress): void;
}

type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/** A bar on a terminal, lines elsewhere. */
export function migrationDisplay(output: Output, terminal: Terminal = process.stderr): MigrationDisplay {
  return terminal.isTTY ? new BarDisplay(output, terminal) : new LineDisplay(output);
}

const barLength = 24;

class BarDisplay implements MigrationDisplay {
  constructor(
    private readonly output: Output,
    private readonly terminal: Terminal,
  ) {}

  update(progress: ResourceProgress): void {
    const { resource, seen, total, rewritten } = progress;
    const share = total === 0 ? 1 : seen / total;
    const filled = Math.floor(share * barLength);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barLength - filled)}`;
    const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${resource}: ${seen} of ${total}, ${rewritten} rewritten`;
    this.terminal.write(`\r\u001b[K${line.slice(0, Math.max(1, (this.terminal.columns || 80) - 1))}`);
  }

  end(progress: ResourceProgress): void {
    this.terminal.write('\r\u001b[K');
    if (progress.seen > 0) this.output.print(finishedText(progress));
  }
}

/** Between two lines about one resource. */
const lineMs = 10_000;

class LineDisplay implements MigrationDisplay {
  #lastMs = performance.now();

  constructor(private readonly output: Output) {}

  update({ resource, seen, total }: ResourceProgress): void {
    if (performance.now() - this.#lastMs < lineMs) return;
    this.#lastMs = performance.now();
    this.output.print(`${resource}: ${seen} of ${total}`);
  }

  end(progress: ResourceProgress): void {
    if (progress.seen > 0) this.output.print(finishedText(progress));
  }
}

function finishedText({ resource, ...counts }: ResourceProgress): string {
  return `${resource}: ${countsText(counts)}`;
}

export function countsText({ rewritten, unchanged, gone }: MigrationCounts): string {
  return `${rewritten} rewritten, ${unchanged} unchanged${gone > 0 ? `, ${gone} deleted meanwhile` : ''}`;
}
