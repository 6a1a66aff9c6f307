import type { KubeObject } from '@keelson/machinery';
import type { KeelsonContext } from '../http/context.js';
import { admissionAttributes } from '../pipeline/admission-attributes.js';
import { mutate } from '../pipeline/mutation.js';
import type { WriteServices } from '../pipeline/write-request.js';
import type { ConnectSubresource } from '../resource/subresource.js';
import type { WriteOptions } from './options.js';
import type { Target } from './target.js';
import { writeRequest } from './write.js';

/** What the query says is for whoever is connected to. */
const NO_WRITE: WriteOptions = { dryRun: false, fieldManager: '', fieldValidation: 'Ignore', force: undefined, object: {} };

/** Any method on a subresource that answers by itself. Where a connection has options, admission plugins see and may change them. */
export async function connect(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const { options, connect } = target.definition as ConnectSubresource & Required<Pick<ConnectSubresource, 'connect'>>;
  const asked = options?.(ctx.state.query, target.info);
  if (asked !== undefined) {
    const request = writeRequest(ctx, target, NO_WRITE, services);
    const attributes = admissionAttributes(request, 'CONNECT', asked as unknown as KubeObject, undefined);
    await mutate(request, attributes);
    await services.admission.validate(attributes);
  }
  await connect(ctx, target, asked ?? {});
}
