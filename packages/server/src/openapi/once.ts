/** A value that is made when it is first asked for, and once; what failed is tried again. */
export class Once<T> {
  readonly #make: () => Promise<T>;
  #value: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  get(): Promise<T> {
    if (this.#value === undefined) {
      const value = this.#make();
      this.#value = value;
      value.catch(() => {
        this.#value = undefined;
      });
    }
    return this.#value;
  }
}
