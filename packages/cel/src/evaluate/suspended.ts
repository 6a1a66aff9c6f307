/**
 * An evaluation needs an answer that must be waited for. Nothing absorbs this: whoever evaluates waits and evaluates
 * again, when the answer is at hand.
 */
export class Suspended {
  constructor(readonly answer: Promise<unknown>) {}
}
