import type { StoreFixture } from './store-fixture.js';

/** One behaviour every store must show, whatever is below it. */
export interface StoreCase {
  readonly name: string;
  readonly run: (fixture: StoreFixture) => Promise<void>;
}
