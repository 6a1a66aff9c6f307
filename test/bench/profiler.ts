import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';

const NANOSECONDS_PER_SAMPLE = 200_000;

interface Reply {
  readonly id: number;
  readonly result?: { readonly profile?: object };
  readonly error?: { readonly message: string };
}

/** Takes CPU profiles of a process that was started with `--inspect`. They open in a browser's developer tools. */
export class Profiler {
  #calls = 0;
  readonly #waiting = new Map<number, (reply: Reply) => void>();

  private constructor(
    private readonly socket: WebSocket,
    private readonly dir: string,
  ) {
    socket.on('message', (data) => {
      const reply = JSON.parse(String(data)) as Reply;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
  }

  static async connect(port: number, dir: string): Promise<Profiler> {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const profiler = new Profiler(socket, dir);
    await mkdir(dir, { recursive: true });
    await profiler.#call('Profiler.enable');
    await profiler.#call('Profiler.setSamplingInterval', { interval: NANOSECONDS_PER_SAMPLE / 1000 });
    return profiler;
  }

  /** Writes `<name>.cpuprofile` of what the process does during `work`. */
  async profile<T>(name: string, work: () => Promise<T>): Promise<T> {
    await this.#call('Profiler.start');
    const done = await work();
    const { result } = await this.#call('Profiler.stop');
    await writeFile(join(this.dir, `${name}.cpuprofile`), JSON.stringify(result?.profile));
    return done;
  }

  close(): void {
    this.socket.close();
  }

  async #call(method: string, params: object = {}): Promise<Reply> {
    const id = ++this.#calls;
    const answered = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    const reply = await answered;
    if (reply.error !== undefined) throw new Error(`${method}: ${reply.error.message}`);
    return reply;
  }
}
