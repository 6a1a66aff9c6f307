import type { ServerResponse } from 'node:http';
import { UpgradeResponse } from '../http/upgrade-response.js';

export interface ResponseWatcher {
  /** The answer's headers are about to leave. */
  onHead(code: number): void;
  /** The answer is about to end, and does when `finish` is called. */
  onEnd(finish: () => void): void;
  /** The answer was cut off, or never given. */
  onCut(): void;
}

/** Tells `watcher` of an answer, whoever gives it and by whichever HTTP version. */
export function watchResponse(res: ServerResponse, watcher: ResponseWatcher): void {
  let begun = false;
  let ending = false;
  const begin = (code: number) => {
    if (!begun) watcher.onHead(code);
    begun = true;
  };
  const { writeHead, end } = res;
  // Node calls these two for every answer, also where the headers are implied.
  res.writeHead = ((code: number, ...rest: []) => {
    begin(code);
    return writeHead.call(res, code, ...rest);
  }) as typeof writeHead;
  res.end = ((...body: Parameters<typeof end>) => {
    if (ending) return res;
    ending = true;
    begin(res.statusCode);
    watcher.onEnd(() => {
      if (!res.destroyed && !res.writableEnded) end.apply(res, body);
    });
    return res;
  }) as typeof end;
  if (res instanceof UpgradeResponse) watchTakeOver(res, begin);
  res.once('close', () => {
    if (!ending) watcher.onCut();
  });
}

/** A connection that leaves HTTP is answered by whoever takes it. */
function watchTakeOver(res: UpgradeResponse, begin: (code: number) => void): void {
  const { takeOver } = res;
  res.takeOver = () => {
    begin(101);
    return takeOver.call(res);
  };
}
