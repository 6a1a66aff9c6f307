import type { AdmissionAttributes } from '@keelson/machinery';

const MAX_VALUE_BYTES = 10 * 1024;

/** What policies say for the audit events of a request. One that is evaluated several times may say several things. */
export class PolicyAnnotations {
  readonly #values = new Map<string, Set<string>>();

  add(key: string, value: string): void {
    let values = this.#values.get(key);
    if (values === undefined) {
      values = new Set();
      this.#values.set(key, values);
    }
    values.add(Buffer.from(value).subarray(0, MAX_VALUE_BYTES).toString());
  }

  publish(attributes: AdmissionAttributes): void {
    for (const [key, values] of this.#values) attributes.annotate(key, [...values].join(', '));
  }
}
