import type { Layer } from '../../dispatch/layer.js';
import type { Handler, KeelsonContext } from '../../http/context.js';
import { reply } from '../../http/reply.js';

/** Serves requests below `/hold` when it is told to. */
export class HoldLayer implements Layer {
  readonly name = 'hold';
  readonly #held: (() => void)[] = [];
  /** Requests that it came to serve. */
  served = 0;

  get held(): number {
    return this.#held.length;
  }

  resolve(ctx: KeelsonContext): Handler | undefined {
    return ctx.state.info.path.startsWith('/hold') ? (held) => this.#hold(held) : undefined;
  }

  /** Lets the first `count` of those that are held go. */
  release(count = this.#held.length): void {
    for (const go of this.#held.splice(0, count)) go();
  }

  async #hold(ctx: KeelsonContext): Promise<void> {
    this.served++;
    await new Promise<void>((resolve) => this.#held.push(resolve));
    reply(ctx, 200, 'text/plain', 'ok');
  }
}
