import { quote } from '@keelson/machinery';
import type { PathLayer } from '../dispatch/path-layer.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { reply } from '../http/reply.js';
import type { AdjustableLog } from '../logging/log.js';

const maxBytes = 1024;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_UINT32 = 2 ** 32 - 1;

const indexPage = `<html>
<head>
<title>/debug/flags/</title>
</head>
<body>
<p>Flags that a PUT request changes:</p>
<ul>
<li>/debug/flags/v</li>
</ul>
</body>
</html>
`;

/** Serves `/debug/flags/v`: a PUT with a number makes the log that detailed until the process ends. */
export function installLogVerbosity(paths: PathLayer, log: AdjustableLog): void {
  const answerIndex = (ctx: KeelsonContext): undefined => {
    reply(ctx, 200, 'text/html; charset=utf-8', indexPage);
  };
  paths.handleUnlisted('/debug/flags', answerIndex, 'any');
  paths.handlePrefix('/debug/flags/', answerIndex, 'any');
  paths.handleUnlisted('/debug/flags/v', (ctx) => answer(ctx, log), 'any');
}

async function answer(ctx: KeelsonContext, log: AdjustableLog): Promise<void> {
  if (ctx.req.method !== 'PUT') return replyText(ctx, 406, 'unsupported http method');
  const text = (await readBody(ctx.state, maxBytes)).toString();
  const problem = problemOf(text);
  if (problem !== undefined) return replyText(ctx, 400, problem);
  log.verbosity = Number(text);
  replyText(ctx, 200, `successfully set klog.logging.verbosity to ${text}`);
}

/** It is read as a number of 32 bits without a sign, and then as one with it. */
function problemOf(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return `strconv.ParseUint: parsing ${quote(text)}: invalid syntax`;
  if (Number(text) > MAX_UINT32) return `strconv.ParseUint: parsing ${quote(text)}: value out of range`;
  if (Number(text) <= MAX_INT32) return undefined;
  return `failed set klog.logging.verbosity ${text}: strconv.ParseInt: parsing ${quote(text)}: value out of range`;
}

function replyText(ctx: KeelsonContext, code: number, text: string): void {
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  reply(ctx, code, 'text/plain', `${text}\n`);
}
