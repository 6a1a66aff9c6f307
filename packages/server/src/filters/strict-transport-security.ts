import type { Filter } from '../http/context.js';

/** `--strict-transport-security-directives`, such as `max-age=31536000`, `includeSubDomains`, `preload`. */
export function strictTransportSecurity(directives: readonly string[]): Filter {
  const value = directives.join('; ');
  return (ctx, next) => {
    ctx.res.setHeader('Strict-Transport-Security', value);
    return next();
  };
}
