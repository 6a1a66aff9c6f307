import type { AdmissionAttributes, KubeObject, ServedVersion } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';

/** The objects of a request as webhooks see them: converted, and put into text, once for all that see them in the same version. */
export class ReviewedObjects {
  readonly #attributes: AdmissionAttributes;
  readonly #views = new Map<ServedVersion, KubeObject>();
  readonly #oldViews = new Map<ServedVersion, KubeObject>();
  readonly #texts = new Map<ServedVersion, string>();
  readonly #oldTexts = new Map<ServedVersion, string>();

  constructor(attributes: AdmissionAttributes) {
    this.#attributes = attributes;
  }

  /** As JSON; null when the operation has none. */
  object(version: ServedVersion): string {
    return kept(this.#texts, version, () => formatJson(this.view(version) ?? null));
  }

  oldObject(version: ServedVersion): string {
    return kept(this.#oldTexts, version, () => formatJson(this.oldView(version) ?? null));
  }

  /** Of the new object; not to be changed. */
  view(version: ServedVersion): KubeObject | undefined {
    const { object } = this.#attributes;
    return object && kept(this.#views, version, () => version.view(object));
  }

  oldView(version: ServedVersion): KubeObject | undefined {
    const { oldObject } = this.#attributes;
    return oldObject && kept(this.#oldViews, version, () => version.view(oldObject));
  }

  /** The new object has been changed. */
  forget(): void {
    this.#views.clear();
    this.#texts.clear();
  }
}

function kept<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
