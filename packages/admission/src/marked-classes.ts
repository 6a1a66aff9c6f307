import type { KubeObject, ObjectReceiver } from '@keelson/machinery';

/** Follows classes, and knows which one objects get that name none: of several that are marked as default, the newest. */
export class MarkedClasses implements ObjectReceiver {
  readonly #marks: readonly string[];
  readonly #marked = new Map<string, string>();

  /** `marks`: annotations, each of which makes a class the default by the value true. */
  constructor(...marks: string[]) {
    this.#marks = marks;
  }

  set({ metadata }: KubeObject): void {
    const { name = '', annotations = {}, creationTimestamp } = metadata;
    if (this.#marks.some((mark) => annotations[mark] === 'true')) this.#marked.set(name, creationTimestamp ?? '');
    else this.#marked.delete(name);
  }

  delete({ metadata }: KubeObject): void {
    this.#marked.delete(metadata.name ?? '');
  }

  get newest(): string | undefined {
    // Times are of the same form and length, so that their order is that of their texts.
    const [first] = [...this.#marked].sort(([a, aMade], [b, bMade]) => (aMade === bMade ? (a < b ? -1 : 1) : aMade < bMade ? 1 : -1));
    return first?.[0];
  }
}
