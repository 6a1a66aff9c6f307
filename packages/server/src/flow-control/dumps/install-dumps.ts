import type { PathLayer } from '../../dispatch/path-layer.js';
import type { KeelsonContext } from '../../http/context.js';
import { reply } from '../../http/reply.js';
import type { FlowControl } from '../flow-control.js';
import { aligned } from './aligned.js';
import { priorityLevelRows } from './priority-level-rows.js';
import { queueRows } from './queue-rows.js';
import { requestRows } from './request-rows.js';

const root = '/debug/api_priority_and_fairness';

/** Shows what waits and what is executed, as CSV. */
export function installDumps(paths: PathLayer, flowControl: FlowControl): void {
  const serve = (name: string, rows: (ctx: KeelsonContext) => readonly (readonly string[])[]) =>
    paths.handleUnlisted(
      `${root}/dump_${name}`,
      (ctx) => {
        reply(ctx, 200, 'text/plain; charset=utf-8', aligned(rows(ctx)));
        return undefined;
      },
      'any',
    );
  serve('priority_levels', () => priorityLevelRows(flowControl.levels));
  serve('queues', () => queueRows(flowControl.levels));
  serve('requests', (ctx) => requestRows(flowControl.levels, ctx.state.query.get('includeRequestDetails') !== ''));
}
