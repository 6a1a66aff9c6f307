import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { RunningKeelson } from '../support/running-keelson.js';

export interface OpenWatch {
  readonly ended: Promise<'whole' | 'cut off'>;
}

/** Opens a watch of all ConfigMaps on a connection of its own. */
export async function openWatch({ url, ca, adminToken }: RunningKeelson): Promise<OpenWatch> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  const call = get(`${url}/api/v1/configmaps?watch=true`, { ca, agent: false, headers });
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const ended = new Promise<'whole' | 'cut off'>((resolve) => {
    response.once('end', () => resolve('whole'));
    response.once('error', () => resolve('cut off'));
  });
  response.resume();
  return { ended };
}
