import type { Quantity } from '@keelson/machinery';
import type { Demand } from './demands.js';

/** Says what is wrong with a demand, or nothing. */
export type Constraint = (demand: Demand) => string | undefined;

/** Up to here thousandths fit 64 bits. */
const MAX_MILLI_VALUE = (2n ** 63n - 1n) / 1000n;

export function minimum(type: string, resource: string, bound: Quantity): Constraint {
  const rule = `minimum ${resource} usage per ${type} is ${bound}`;
  return ({ requests, limits }) => {
    const [request, limit] = [requests.get(resource), limits.get(resource)];
    if (request === undefined) return `${rule}.  No request is specified`;
    if (request.compare(bound) < 0) return `${rule}, but request is ${request}`;
    return limit !== undefined && limit.compare(bound) < 0 ? `${rule}, but limit is ${limit}` : undefined;
  };
}

export function maximum(type: string, resource: string, bound: Quantity): Constraint {
  const rule = `maximum ${resource} usage per ${type} is ${bound}`;
  return ({ requests, limits }) => {
    const [request, limit] = [requests.get(resource), limits.get(resource)];
    if (limit === undefined) return `${rule}.  No limit is specified`;
    if (limit.compare(bound) > 0) return `${rule}, but limit is ${limit}`;
    return request !== undefined && request.compare(bound) > 0 ? `${rule}, but request is ${request}` : undefined;
  };
}

/** For what has no limits. */
export function maximumRequest(type: string, resource: string, bound: Quantity): Constraint {
  const rule = `maximum ${resource} usage per ${type} is ${bound}`;
  return ({ requests }) => {
    const request = requests.get(resource);
    if (request === undefined) return `${rule}.  No request is specified`;
    return request.compare(bound) > 0 ? `${rule}, but request is ${request}` : undefined;
  };
}

export function limitRatio(type: string, resource: string, bound: Quantity): Constraint {
  const rule = `${resource} max limit to request ratio per ${type} is ${bound}`;
  return ({ requests, limits }) => {
    const [request, limit] = [requests.get(resource), limits.get(resource)];
    if (request === undefined || request.sign === 0) return `${rule}, but no request is specified or request is 0`;
    if (limit === undefined || limit.sign === 0) return `${rule}, but no limit is specified or limit is 0`;
    const ratio = quotient(limit, request);
    return exceeds(ratio, bound) ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
  };
}

/** In thousandths, where they fit. */
function exceeds(ratio: number, bound: Quantity): boolean {
  return bound.value() <= MAX_MILLI_VALUE ? ratio * 1000 > Number(bound.milliValue()) : ratio > Number(bound.value());
}

function quotient(limit: Quantity, request: Quantity): number {
  const fine = limit.value() <= MAX_MILLI_VALUE && request.value() <= MAX_MILLI_VALUE;
  return fine ? Number(limit.milliValue()) / Number(request.milliValue()) : Number(limit.value()) / Number(request.value());
}
