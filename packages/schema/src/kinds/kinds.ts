import { formatGroupVersion } from '@keelson/machinery';
import { builtInKinds, kindsOfEveryVersion, optionsApiVersions } from '../gen/built-in-kinds.js';
import type { KindSchema } from '../kind.js';
import { kindIn } from './built-in-kind.js';

const key = (apiVersion: string, kind: string) => `${apiVersion}/${kind}`;

/** All built-in kinds, by group, version and kind. */
class Kinds {
  readonly #byKey = new Map(builtInKinds.map((kind) => [key(formatGroupVersion(kind), kind.kind), kind]));
  readonly #ofEveryVersion = new Map(kindsOfEveryVersion.map((kind) => [kind.kind, kind]));

  /** Undefined when Kubernetes has no such kind. The options kinds (DeleteOptions …) are found in any group-version. */
  find(group: string, version: string, kind: string): KindSchema<object> | undefined {
    const apiVersion = formatGroupVersion({ group, version });
    const known = this.#byKey.get(key(apiVersion, kind));
    if (known) return known;
    const everywhere = this.#ofEveryVersion.get(kind);
    return everywhere && kindIn(everywhere, apiVersion);
  }

  /** Every kind once, without the options kinds. */
  get all(): readonly KindSchema<object>[] {
    return builtInKinds;
  }

  /** The group-versions whose DeleteOptions OpenAPI lists. */
  get optionsApiVersions(): readonly string[] {
    return optionsApiVersions;
  }
}

export const kinds: Kinds = new Kinds();
export type { Kinds };
