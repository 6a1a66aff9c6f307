import { MemoryBackend } from '@keelson/storage/memory';

/** A store whose writes wait until they are let through. */
export class HeldBackend extends MemoryBackend {
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  release(): void {
    this.#release();
  }

  override async put(...args: Parameters<MemoryBackend['put']>) {
    await this.#released;
    return super.put(...args);
  }
}
