import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Channel, WebSocketConsole } from './web-socket-console.js';

const hourMs = 3_600_000;

class FakeSocket extends EventEmitter {
  terminated = false;

  send(_bytes: Uint8Array, done: () => void): void {
    done();
  }

  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is given up when nothing was said on it for four hours, in either direction', async () => {
  const socket = new FakeSocket();
  const client = new WebSocketConsole(socket as unknown as WebSocket);
  vi.advanceTimersByTime(4 * hourMs - 1);
  socket.emit('message', Buffer.from('\x00ls'));
  vi.advanceTimersByTime(4 * hourMs - 1);
  await client.send(Channel.stdout, Buffer.from('a file'));
  vi.advanceTimersByTime(4 * hourMs - 1);
  socket.emit('ping');
  expect(socket.terminated).toBe(false);
  vi.advanceTimersByTime(1);
  expect(socket.terminated).toBe(true);
});

it('leaves nothing behind when it is closed', async () => {
  const socket = new FakeSocket();
  const { stdin } = new WebSocketConsole(socket as unknown as WebSocket);
  stdin.once('end', () => socket.emit('ended')).resume();
  const ended = once(socket, 'ended');
  socket.emit('close');
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});
