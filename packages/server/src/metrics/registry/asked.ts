/** A value that has to be waited for: asked for when metrics are, and left out where it cannot be had then. */
export class Asked<T> {
  value: T | undefined;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  async prepare(): Promise<void> {
    this.value = undefined;
    try {
      this.value = await this.ask();
    } catch (error) {
      this.onFailure(error);
    }
  }
}
