import type { JsonObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { VersionView } from '@keelson/patch';
import type { ForeignVersion } from '../resource/definition.js';

/** A conversion that has to be waited for before work can go on. */
class MissingConversion extends Error {
  constructor(
    readonly key: string,
    readonly make: () => Promise<JsonObject>,
  ) {
    super('a conversion is to be waited for');
  }
}

/**
 * Lets what knows no waiting look at objects that only others can convert: it is run again, from the start, with each
 * conversion that it lacked. So it must change nothing before its end.
 */
export class AwaitedConversions {
  readonly #made = new Map<string, JsonObject>();

  async run<T>(work: () => T): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof MissingConversion)) throw error;
        this.#made.set(error.key, await error.make());
      }
    }
  }

  /** A version as it looks to work that is run here. */
  view(apiVersion: string, foreign: ForeignVersion): VersionView {
    return {
      type: foreign.type,
      convert: (object) =>
        this.#made.get(keyOf('to', apiVersion, object)) ?? missing('to', apiVersion, object, () => foreign.convert(object)),
      restore: (object) =>
        this.#made.get(keyOf('from', apiVersion, object)) ?? missing('from', apiVersion, object, () => foreign.restore(object)),
    };
  }
}

function keyOf(direction: 'to' | 'from', apiVersion: string, object: JsonObject): string {
  return `${direction} ${apiVersion} ${formatJson(object)}`;
}

function missing(direction: 'to' | 'from', apiVersion: string, object: JsonObject, make: () => Promise<JsonObject>): never {
  throw new MissingConversion(keyOf(direction, apiVersion, object), make);
}
