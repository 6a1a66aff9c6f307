import { humanDuration } from '@keelson/machinery';

/** The time since a moment, as kubectl prints ages, perhaps within other text: the one thing in a row that changes by itself. */
export class Age {
  /** `fromMs`: ms since 1970. */
  constructor(
    readonly fromMs: number,
    readonly before = '',
    readonly after = '',
  ) {}

  text(nowMs: number): string {
    return `${this.before}${humanDuration(nowMs - this.fromMs)}${this.after}`;
  }
}
