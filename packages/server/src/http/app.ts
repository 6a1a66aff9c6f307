import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa from 'koa';
import { type Filter, type Handler, type KeelsonContext, type Outcome, RequestState } from './context.js';
import { UpgradeResponse } from './upgrade-response.js';

/** Answers one request, whichever HTTP version it came by. */
export type RequestListener = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Runs filters in order, outermost first. Each may call `next` once. Unlike koa-compose a filter may return undefined
 * for "done already", and one function serves as every filter's `next`, so a chain that never waits makes no promise.
 */
function compose(filters: readonly Filter[]): Handler {
  return (ctx) => {
    let position = 0;
    const next = (): Outcome => {
      const filter = filters[position++];
      if (filter === undefined) throw new Error('next() called behind the last filter');
      return filter(ctx, next);
    };
    return next();
  };
}

/**
 * koa with our state and composition. Answers are written by those who give them, so koa's own step after the chain
 * (and its listener on each response, which would answer in its own form) is left out.
 */
class App extends Koa<RequestState, object> {
  override createContext<StateT = RequestState>(req: IncomingMessage, res: ServerResponse): Koa.ParameterizedContext<StateT> {
    const ctx = super.createContext<StateT>(req, res);
    ctx.state = new RequestState(req, res, res instanceof UpgradeResponse ? res.upgrade : undefined) as StateT;
    return ctx;
  }

  /** What koa's callback calls for each request. */
  handleRequest(ctx: KeelsonContext, run: Handler): void {
    try {
      run(ctx)?.catch((error) => this.emit('error', error, ctx));
    } catch (error) {
      this.emit('error', error, ctx);
    }
  }
}

/** The koa application around the filters. The first filter answers every error, so koa's own error handler sees none. */
export function createApp(filters: readonly Filter[], onError: (error: Error) => void): RequestListener {
  const app = new App({ compose } as ConstructorParameters<typeof App>[0]);
  for (const filter of filters) app.use(filter as unknown as Koa.Middleware<RequestState, object>);
  app.on('error', onError);
  return app.callback() as RequestListener;
}
