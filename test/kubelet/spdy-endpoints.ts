import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SpdyConnection, type SpdyStream } from '@keelson/server';

/** What is asked of a kubelet by streams of SPDY: consoles, and connections to ports. */
export function acceptSpdy(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://kubelet');
  if (searchParams.getAll('command')[0] === 'refused') {
    socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 18\r\n\r\nno such container\n');
    return;
  }
  const [protocol] = String(request.headers['x-stream-protocol-version']).split(', ');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (searchParams.getAll('command')[0] === 'leave') leave(socket, head);
  else if (pathname.startsWith('/portForward/')) forwardPorts(socket, head);
  else new Console(searchParams, pathname.startsWith('/attach/') ? ['cat'] : searchParams.getAll('command')).serve(socket, head);
}

/** Is gone as soon as the client has begun. */
function leave(socket: Duplex, head: Buffer): void {
  new SpdyConnection(socket, head, { role: 'server', onStream: () => setImmediate(() => socket.destroy()) });
}

/** Whatever is sent to a port comes back, with the number of the port before it. */
function forwardPorts(socket: Duplex, head: Buffer): void {
  const errors = new Map<string, SpdyStream>();
  const onStream = (stream: SpdyStream) => {
    const { streamtype: [type] = [], port: [port = ''] = [], requestid: [id = ''] = [] } = stream.headers;
    if (type === 'error') {
      errors.set(id, stream.resume());
      return;
    }
    stream.write(`${port}:`);
    stream.pipe(stream);
    stream.once('end', () => errors.get(id)?.end());
  };
  new SpdyConnection(socket, head, { role: 'server', onStream });
}

/** `echo <words>` says its words, `cat` what it reads, `size` how large its terminal is; anything else fails. What is attached to runs `cat`. */
class Console {
  readonly #streams = new Map<string, SpdyStream>();
  readonly #wanted: readonly string[];
  readonly #command: readonly string[];

  constructor(query: URLSearchParams, command: readonly string[]) {
    const asked = { stdin: query.has('input'), stdout: query.has('output'), stderr: query.has('error'), resize: query.has('tty') };
    this.#wanted = ['error', ...Object.entries(asked).flatMap(([type, wanted]) => (wanted ? [type] : []))];
    this.#command = command;
  }

  serve(socket: Duplex, head: Buffer): void {
    new SpdyConnection(socket, head, {
      role: 'server',
      onStream: (stream) => {
        this.#streams.set(String(stream.headers.streamtype), stream);
        if (this.#wanted.every((type) => this.#streams.has(type) || (type === 'stderr' && this.#wanted.includes('resize')))) this.#run();
      },
    });
  }

  #run(): void {
    const [program = '', ...words] = this.#command;
    const stdin = this.#streams.get('stdin');
    if (program === 'echo') this.#end({ status: 'Success' }, `${words.join(' ')}\n`);
    else if (program === 'cat') {
      stdin?.on('data', (bytes: Buffer) => this.#streams.get('stdout')?.write(bytes));
      stdin?.once('end', () => this.#end({ status: 'Success' }));
    } else if (program === 'size') {
      this.#streams.get('resize')?.once('data', (size: Buffer) => this.#end({ status: 'Success' }, String(size)));
    } else {
      this.#streams.get('stderr')?.write(`${program}: not found\n`);
      this.#end({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: 'command terminated with non-zero exit code: exit status 127',
        details: { causes: [{ reason: 'ExitCode', message: '127' }] },
      });
    }
  }

  #end(outcome: object, said = ''): void {
    this.#streams.get('error')?.end(JSON.stringify({ metadata: {}, ...outcome }));
    this.#streams.get('stdout')?.end(said);
    this.#streams.get('stderr')?.end();
  }
}
