import type { Filter } from '../http/context.js';

/**
 * Asks one HTTP/2 client in 1/`chance` requests to reconnect, so that connections spread over the replicas behind a
 * load balancer. Requests on the connection finish.
 */
export function goawayByChance(chance: number, random: () => number = Math.random): Filter {
  return (ctx, next) => {
    if (random() < chance) ctx.state.stream?.session?.close();
    return next();
  };
}
