import { Agent, type RequestOptions, request } from 'node:https';
import type { RunningKeelson } from '../support/running-keelson.js';

/** What a request came to. Without a code nobody knows: the connection broke before the answer. */
export interface Outcome<T> {
  readonly code?: number;
  readonly body?: T;
}

const answerMs = 20_000;

/** The load balancer and every server behind it, each over connections of its own. */
export class AnyServer {
  readonly ports: readonly number[];
  readonly #ca: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent = new Agent({ keepAlive: true });

  constructor({ url, ca, adminToken }: RunningKeelson, masters: number) {
    const first = Number(new URL(url).port);
    this.ports = Array.from({ length: 1 + masters }, (_, i) => first + i);
    this.#ca = ca;
    this.#headers = { authorization: `Bearer ${adminToken}` };
  }

  /** Asks the server at `port`, any one when absent. */
  send<T>(method: string, path: string, body?: unknown, port = this.#anyPort()): Promise<Outcome<T>> {
    return new Promise((resolve) => {
      const headers = { ...this.#headers, ...(body !== undefined && { 'content-type': 'application/json' }) };
      const call = request({ ...this.#options(port, path), method, headers, agent: this.#agent, timeout: answerMs }, async (response) => {
        try {
          const text = (await response.toArray()).join('');
          resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) as T });
        } catch {
          resolve({});
        }
      });
      call.on('timeout', () => call.destroy());
      call.on('error', () => resolve({}));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Gives every line of an answer until it ends, however it ends; false when there was none. */
  follow(port: number, path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const call = request({ ...this.#options(port, path), headers: this.#headers, agent: false, signal }, async (response) => {
        let rest = '';
        try {
          for await (const chunk of response.setEncoding('utf8')) {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) onLine(line);
          }
        } catch {
          // The reader goes on from where it is, whether the stream was ended or cut.
        }
        resolve(true);
      });
      call.on('error', () => resolve(false));
      call.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #anyPort(): number {
    return this.ports[Math.floor(Math.random() * this.ports.length)] as number;
  }

  #options(port: number, path: string): RequestOptions {
    return { host: '127.0.0.1', port, path, ca: this.#ca };
  }
}
