import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrationDisplay, type ResourceProgress } from './migration-display.js';

let printed: string[];
let written: string[];
const output = { print: (text: string) => void printed.push(text), warn: () => undefined, fail: () => undefined };

beforeEach(() => {
  printed = [];
  written = [];
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function display(isTTY: boolean, columns = 100) {
  const write = (text: unknown) => written.push(String(text)) > 0;
  return migrationDisplay(output, { isTTY, columns, write });
}

const half: ResourceProgress = { resource: 'pods', seen: 50, total: 101, rewritten: 40, unchanged: 10, gone: 0 };
const whole: ResourceProgress = { resource: 'pods', seen: 101, total: 101, rewritten: 88, unchanged: 10, gone: 3 };
const none: ResourceProgress = { resource: 'secrets', seen: 0, total: 0, rewritten: 0, unchanged: 0, gone: 0 };
const clear = '\r\u001b[K';

describe('the display of a migration', () => {
  it('is a bar on a terminal, and leaves a line', () => {
    const shown = display(true);
    shown.update(half);
    shown.update(whole);
    shown.end(whole);
    shown.update(none);
    shown.end(none);
    expect(written).toEqual([
      `${clear}${'█'.repeat(11)}${'░'.repeat(13)}  49%  pods: 50 of 101, 40 rewritten`,
      `${clear}${'█'.repeat(24)} 100%  pods: 101 of 101, 88 rewritten`,
      clear,
      `${clear}${'█'.repeat(24)} 100%  secrets: 0 of 0, 0 rewritten`,
      clear,
    ]);
    expect(printed).toEqual(['pods: 88 rewritten, 10 unchanged, 3 deleted meanwhile']);
  });

  it('fits into a narrow terminal', () => {
    display(true, 20).update(half);
    expect(written).toEqual([`${clear}${'█'.repeat(11)}${'░'.repeat(8)}`]);
  });

  it('is a line now and then elsewhere, and one for each resource that has objects', () => {
    const shown = display(false);
    shown.update(half);
    vi.advanceTimersByTime(10_000);
    shown.update(half);
    shown.update(whole);
    shown.end(whole);
    shown.end(none);
    expect(written).toEqual([]);
    expect(printed).toEqual(['pods: 50 of 101', 'pods: 88 rewritten, 10 unchanged, 3 deleted meanwhile']);
  });
});
