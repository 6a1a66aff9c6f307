import type { KeelsonContext } from '../http/context.js';
import { reply } from '../http/reply.js';
import { drained, isOver } from '../respond/wire.js';
import { answerHeaders } from './forwarded-headers.js';
import type { ProxiedAnswer } from './proxied-answer.js';

export interface AnswerSettings {
  /** Redirects are answered with 502 instead of handed on. */
  readonly rejectRedirects: boolean;
}

const REDIRECT_REFUSED = 'the backend attempted to redirect this request, which is not permitted';

/** Passes an answer on as it comes, at the pace of its reader. Rejects when it is cut off, so that nobody takes it for a whole one. */
export async function sendAnswer(ctx: KeelsonContext, answer: ProxiedAnswer, { rejectRedirects }: AnswerSettings): Promise<void> {
  const { state } = ctx;
  ctx.respond = false;
  if (isOver(state)) {
    answer.body.destroy();
    return;
  }
  if (rejectRedirects && answer.code >= 300 && answer.code < 400 && answer.headers.location !== undefined) {
    answer.body.destroy();
    reply(ctx, 502, 'text/plain; charset=utf-8', REDIRECT_REFUSED);
    return;
  }
  writeHead(ctx, answer);
  await copyBody(ctx, answer);
}

/** Headers leave at once: those of a watch are waited for. What this server has set stays where the other one says nothing. */
function writeHead({ res, state }: KeelsonContext, { code, headers }: ProxiedAnswer): void {
  res.statusCode = code;
  for (const [name, value] of answerHeaders(headers)) {
    if (name === 'warning') res.setHeader(name, [res.getHeader(name) ?? [], value].flat().map(String));
    else res.setHeader(name, value);
  }
  if (state.req.method !== 'HEAD') res.flushHeaders();
}

async function copyBody({ res, state }: KeelsonContext, { body, isWhole }: ProxiedAnswer): Promise<void> {
  const leave = () => body.destroy();
  state.onAbort(leave);
  res.once('close', leave);
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      if (isOver(state)) break;
      state.responseBytes += piece.length;
      if (!res.write(piece)) await drained(state);
    }
  } catch (error) {
    if (!state.aborted) throw error;
  } finally {
    state.offAbort(leave);
    res.off('close', leave);
  }
  if (state.aborted ? !state.longRunning : !isWhole()) throw new Error('the answer of the other server was cut off');
  if (!state.clientGone) res.end();
}
