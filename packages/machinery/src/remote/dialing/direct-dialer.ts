import { once } from 'node:events';
import { connect } from 'node:net';
import type { Dialer } from './dialer.js';

/** How long a connection may take to come about, as with Go. */
export const DIAL_TIMEOUT_MS = 30_000;

/** Straight there. */
export const directDialer: Dialer = {
  async dial(address, signal) {
    const socket = connect({ ...address, autoSelectFamily: true });
    const timeout = AbortSignal.timeout(DIAL_TIMEOUT_MS);
    try {
      await once(socket, 'connect', { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    } catch (error) {
      socket.on('error', () => undefined).destroy();
      throw error;
    }
    return socket;
  },
};
