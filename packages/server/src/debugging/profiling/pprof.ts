import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type LocationInput, Profile, type SampleInput, StringTable } from 'pprof-format';

/** A function as V8's profilers name it. Lines count from 0. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What was measured at one place. */
export interface StackSample {
  /** From the innermost function outwards. */
  readonly stack: readonly Frame[];
  /** One value for each of the profile's `types`. */
  readonly values: readonly number[];
}

export interface Measured {
  readonly type: string;
  readonly unit: string;
}

export interface StackProfile {
  readonly types: readonly Measured[];
  readonly samples: readonly StackSample[];
  /** The mean distance of two samples, in units of `measured`. */
  readonly period: { readonly measured: Measured; readonly value: number };
}

const compress = promisify(gzip);
const nanosecondsPerMs = 1e6;

/** The file that `go tool pprof` and its kin read: one gzipped protobuf message. */
export async function pprofFile({ types, samples, period }: StackProfile, startedAt: Date, durationMs: number): Promise<Buffer> {
  const strings = new StringTable();
  const valueType = ({ type, unit }: Measured) => ({ type: strings.dedup(type), unit: strings.dedup(unit) });
  const places = new Places(strings);
  const profile = new Profile({
    sampleType: types.map(valueType),
    sample: samples.map(({ stack, values }): SampleInput => ({ locationId: stack.map((frame) => places.id(frame)), value: [...values] })),
    location: places.locations,
    function: places.functions,
    stringTable: strings,
    timeNanos: BigInt(startedAt.getTime()) * BigInt(nanosecondsPerMs),
    durationNanos: Math.round(durationMs * nanosecondsPerMs),
    periodType: valueType(period.measured),
    period: period.value,
  });
  return compress(await profile.encodeAsync());
}

/** Functions by number. A location is a function here: profilers of V8 know where one begins, not which line it was at. */
class Places {
  readonly locations: LocationInput[] = [];
  readonly functions: { id: number; name: number; systemName: number; filename: number; startLine: number }[] = [];
  readonly #strings: StringTable;
  readonly #ids = new Map<string, number>();

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  id({ functionName, url, lineNumber }: Frame): number {
    const key = `${functionName} ${url} ${lineNumber}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(key, id);
      const name = this.#strings.dedup(functionName || '(anonymous)');
      const startLine = lineNumber + 1;
      this.functions.push({ id, name, systemName: name, filename: this.#strings.dedup(url.replace(/^file:\/\//, '')), startLine });
      this.locations.push({ id, line: [{ functionId: id, line: startLine }] });
    }
    return id;
  }
}
