import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseRequestInfo } from '../../filters/request-info.js';
import { RequestState } from '../../http/context.js';

/** A request as filters see it that nobody has sent. */
export function requestState(method: string, url: string, headers: Readonly<Record<string, string>> = {}): RequestState {
  const state = new RequestState({ method, url, headers } as IncomingMessage, {} as ServerResponse);
  state.info = parseRequestInfo(method, url, state);
  return state;
}
