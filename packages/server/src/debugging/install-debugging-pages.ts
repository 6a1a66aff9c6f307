import type { PathLayer } from '../dispatch/path-layer.js';
import type { Handler } from '../http/context.js';
import { reply, replyTextError } from '../http/reply.js';
import { parseAccept } from '../respond/negotiate.js';

const notice =
  'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.';

/** One of them, by chance, so that nobody begins to read these pages by program. */
const delimiters = [':', ': ', '=', ' '];

/** Paths that are no help in finding out what is wrong. */
const ordinary: ReadonlySet<string> = new Set(['/apis', '/api', '/openid', '/openapi', '/.well-known']);

/** Serves `/statusz` (KEP-4827): since when the server runs, which version, and where to look further. */
export function installStatusPage(paths: PathLayer, version: string): void {
  const startedAtMs = performance.timeOrigin;
  paths.handle(
    '/statusz',
    textPage(() => {
      const delimiter = anyDelimiter();
      const line = (name: string, value: string) => `${name}${delimiter} ${value}`;
      const folders = new Set(paths.paths.map((path) => `/${path.split('/')[1]}`).filter((folder) => !ordinary.has(folder)));
      return [
        '',
        'apiserver statusz',
        notice,
        '',
        line('Started', new Date(startedAtMs).toUTCString()),
        line('Up', uptime(Math.floor((Date.now() - startedAtMs) / 1000))),
        line('Node.js version', process.version),
        line('Binary version', version),
        line('Emulation version', version),
        line(
          'Paths',
          [...folders]
            .sort()
            .map((folder) => ` ${folder}`)
            .join(''),
        ),
        '',
      ].join('\n');
    }),
    'any',
  );
}

/** Serves `/flagz` (KEP-4828): all flags as they were given, or are by default. */
export function installFlagsPage(paths: PathLayer, flags: ReadonlyMap<string, string>): void {
  const sorted = [...flags].sort(([one], [other]) => (one < other ? -1 : 1));
  paths.handle(
    '/flagz',
    textPage(() => {
      const delimiter = anyDelimiter();
      const lines = sorted.map(([name, value]) => `${name}${delimiter}${value}\n`);
      return `\nkube-apiserver flags\n${notice}\n\n${lines.join('')}`;
    }),
    'any',
  );
}

function textPage(text: () => string): Handler {
  return (ctx) => {
    if (isAcceptable(ctx.req.headers.accept ?? '')) reply(ctx, 200, 'text/plain; charset=utf-8', text());
    else replyTextError(ctx, 406, 'media type not acceptable, must be: text/plain');
    return undefined;
  };
}

function isAcceptable(accept: string): boolean {
  return parseAccept(accept).some(({ type, params }) => {
    if (!/^(text|\*)\/(plain|\*)$/.test(type) && type !== '*') return false;
    const others = [...params].filter(([name]) => name !== 'q');
    return others.every(([name, value]) => name === 'charset' && value.toLowerCase() === 'utf-8');
  });
}

function anyDelimiter(): string {
  return delimiters[Math.floor(Math.random() * delimiters.length)] as string;
}

function uptime(seconds: number): string {
  const two = (part: number) => String(part % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60))} min ${two(seconds)} sec`;
}
