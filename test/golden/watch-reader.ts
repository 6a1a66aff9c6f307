import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, type ApiRequest, type RawAnswer, rawAnswer } from './api-client.js';

export interface WatchLimits {
  readonly events?: number;
  readonly seconds?: number;
}

export interface Watched {
  readonly answer: RawAnswer;
  /** One JSON text for each event. */
  readonly events: readonly string[];
  /** True when the server ended the stream. */
  readonly ended: boolean;
}

const defaultSeconds = 5;
const longestWatchMs = 60_000;
const okCode = 200;

/** Reads a watch until it has as many events, its time is over, or the server ends it. An error has a body, not events. */
export async function readWatch(client: ApiClient, apiRequest: ApiRequest, limits: WatchLimits): Promise<Watched> {
  const abort = new AbortController();
  const message = await client.open(apiRequest, AbortSignal.any([abort.signal, AbortSignal.timeout(longestWatchMs)]));
  const stream = new LineReader(message);
  if (message.statusCode !== okCode) {
    await stream.end;
    return { answer: rawAnswer(message, stream.bytes()), events: [], ended: false };
  }
  const timeIsOver = sleep((limits.seconds ?? defaultSeconds) * 1000, 'late' as const, { signal: abort.signal });
  const outcome = await Promise.race([stream.end, stream.reaches(limits.events ?? Number.POSITIVE_INFINITY), timeIsOver]);
  const events = stream.lines().slice(0, limits.events);
  abort.abort();
  await Promise.allSettled([timeIsOver, stream.end]);
  return { answer: rawAnswer(message, Buffer.alloc(0)), events, ended: outcome === 'end' };
}

class LineReader {
  /** Fulfilled when the stream is over; 'cut' when it ended by an error or an abort. */
  readonly end: Promise<'end' | 'cut'>;
  readonly #chunks: Buffer[] = [];
  #wanted = Number.POSITIVE_INFINITY;
  #reached: (outcome: 'reached') => void = () => undefined;

  constructor(stream: NodeJS.ReadableStream) {
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      if (this.lines().length >= this.#wanted) this.#reached('reached');
    });
    this.end = new Promise((resolve) => {
      stream.once('end', () => resolve('end'));
      stream.once('error', () => resolve('cut'));
      stream.once('close', () => resolve('cut'));
    });
  }

  reaches(count: number): Promise<'reached'> {
    this.#wanted = count;
    return new Promise((resolve) => {
      this.#reached = resolve;
      if (this.lines().length >= count) resolve('reached');
    });
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** The lines that are complete. */
  lines(): string[] {
    return this.bytes().toString().split('\n').slice(0, -1);
  }
}
