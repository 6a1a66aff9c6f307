import type { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PathLayer } from '../../dispatch/path-layer.js';
import type { KeelsonContext, RequestState } from '../../http/context.js';
import type { Query } from '../../http/query.js';
import { reply, replyTextError } from '../../http/reply.js';
import { indexPage } from './index-page.js';
import type { StackProfile } from './pprof.js';

const root = '/debug/pprof';
/** All samples of a profile are held until it ends. */
const maxSeconds = 300;
const defaultCpuSeconds = 30;
const defaultHeapSeconds = 10;

type Collect = (session: Session, over: () => Promise<void>, query: Query) => Promise<StackProfile>;

interface ProfileKind {
  readonly collect: Collect;
  /** Seconds to collect for; a text: why not. */
  seconds(asked: string): number | string;
  /** What somebody reads who asks while another profile of the kind is being collected. */
  readonly busy: string;
}

// V8's profilers and the encoder are loaded when somebody asks.
const kinds: Readonly<Record<string, ProfileKind>> = {
  heap: {
    collect: async (session, over, query) =>
      (await import('./heap-profile.js')).heapProfile(session, over, Number.parseInt(query.get('gc'), 10) > 0),
    seconds: (asked) => {
      if (asked === '') return defaultHeapSeconds;
      return positive(asked) ?? 'invalid value for "seconds" - must be a positive integer';
    },
    busy: 'Could not enable heap profiling: heap profiling already in use',
  },
  profile: {
    collect: async (session, over) => (await import('./cpu-profile.js')).cpuProfile(session, over),
    seconds: (asked) => positive(asked) ?? defaultCpuSeconds,
    busy: 'Could not enable CPU profiling: cpu profiling already in use',
  },
};

/** Serves profiles of this process under `/debug/pprof/`, in the form and with the texts of Go's pprof handlers. */
export function installProfiling(paths: PathLayer): void {
  const busy = new Set<string>();
  paths.handleUnlisted(root, leadToIndex, 'any');
  paths.handleUnlisted(`${root}/`, answerIndex, 'any');
  paths.handlePrefix(`${root}/`, (ctx) => answerProfile(ctx, ctx.state.info.path.slice(root.length + 1), busy), 'any');
}

/** Links on the page are relative to the path with a slash. */
function leadToIndex(ctx: KeelsonContext): undefined {
  ctx.res.setHeader('Location', `${root}/`);
  reply(ctx, 302, 'text/html; charset=utf-8', `<a href="${root}/">Found</a>.\n\n`);
  return undefined;
}

function answerIndex(ctx: KeelsonContext): undefined {
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  reply(ctx, 200, 'text/html; charset=utf-8', indexPage);
  return undefined;
}

async function answerProfile(ctx: KeelsonContext, name: string, busy: Set<string>): Promise<void> {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) return fail(ctx, 404, 'Unknown profile');
  const seconds = kind.seconds(ctx.state.query.get('seconds'));
  if (typeof seconds === 'string') return fail(ctx, 400, seconds);
  if (seconds > maxSeconds) return fail(ctx, 400, "profile duration exceeds server's WriteTimeout");
  if (busy.has(name)) return fail(ctx, 500, kind.busy);
  busy.add(name);
  let file: Buffer;
  try {
    file = await collect(ctx.state, kind, seconds);
  } finally {
    busy.delete(name);
  }
  if (ctx.state.clientGone) return;
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  ctx.res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  reply(ctx, 200, 'application/octet-stream', file);
}

/** Ends early, with what there is, when the client leaves or the server stops. */
async function collect({ signal, query }: RequestState, kind: ProfileKind, seconds: number): Promise<Buffer> {
  const [{ Session }, { pprofFile }] = await Promise.all([import('node:inspector/promises'), import('./pprof.js')]);
  const session = new Session();
  session.connect();
  try {
    const startedAt = new Date();
    const startedAtMs = performance.now();
    const profile = await kind.collect(session, () => elapsed(seconds * 1000, signal), query);
    return await pprofFile(profile, startedAt, performance.now() - startedAtMs);
  } finally {
    session.disconnect();
  }
}

/** Resolves when the time is over or the signal comes. */
async function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function positive(text: string): number | undefined {
  const value = /^\+?\d+$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : undefined;
}

/** The header tells `go tool pprof` that the text is for people. */
function fail(ctx: KeelsonContext, code: number, text: string): void {
  ctx.res.setHeader('X-Go-Pprof', '1');
  replyTextError(ctx, code, text);
}
