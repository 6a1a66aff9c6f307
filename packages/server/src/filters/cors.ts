import type { Filter, KeelsonContext } from '../http/context.js';

/** Answers browsers of the origins that match one of the patterns (`--cors-allowed-origins`). */
export function cors(allowedOrigins: readonly RegExp[]): Filter {
  return (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin === undefined || !allowedOrigins.some((pattern) => pattern.test(origin))) return next();
    allow(ctx, origin);
    if (ctx.req.method !== 'OPTIONS') return next();
    ctx.respond = false;
    ctx.res.statusCode = 204;
    ctx.res.end();
    return undefined;
  };
}

function allow({ res }: KeelsonContext, origin: string): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Allow-Methods', 'POST, GET, OPTIONS, PUT, DELETE, PATCH');
  res.setHeader(
    'Access-Control-Allow-Headers',
    'Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since',
  );
  res.setHeader('Access-Control-Expose-Headers', 'Date');
  res.setHeader('Access-Control-Allow-Credentials', 'true');
}
