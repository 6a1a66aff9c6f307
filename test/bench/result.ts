/** One measured figure. */
export interface Result {
  readonly scenario: string;
  readonly unit: 'µs' | 'ms' | 's' | 'KB' | 'MB';
  readonly value: number;
  /** CPU in units of the bare server of the same moments. */
  readonly units?: number;
  /** In units of the bare server where `units` are given, else in `unit`. */
  readonly aim?: number;
  readonly note?: string;
}

/** Undefined without an aim. */
export function isMet({ value, units, aim }: Result): boolean | undefined {
  return aim === undefined ? undefined : (units ?? value) <= aim;
}
