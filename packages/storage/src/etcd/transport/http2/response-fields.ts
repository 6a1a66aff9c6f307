import { decodeFields } from './hpack.js';

/** What matters of the header fields of a response, or of its trailers. */
export interface ResponseFields {
  readonly httpStatus?: number;
  readonly grpcStatus?: number;
  readonly grpcMessage?: string;
}

const EMPTY = Buffer.alloc(0);

/**
 * Decodes header blocks. Those of successful calls are all the same: the one before is remembered, which is allowed because
 * a block stands for itself while its sender keeps no table.
 */
export class ResponseFieldsDecoder {
  #lastBlock: Buffer = EMPTY;
  #last: ResponseFields = {};

  decode(block: Buffer): ResponseFields {
    if (block.equals(this.#lastBlock)) return this.#last;
    this.#last = responseFields(block);
    this.#lastBlock = Buffer.from(block);
    return this.#last;
  }
}

function responseFields(block: Buffer): ResponseFields {
  const fields = new Map(decodeFields(block));
  const httpStatus = fields.get(':status');
  const grpcStatus = fields.get('grpc-status');
  const grpcMessage = fields.get('grpc-message');
  return {
    ...(httpStatus !== undefined && { httpStatus: Number(httpStatus) }),
    ...(grpcStatus !== undefined && { grpcStatus: Number(grpcStatus) }),
    ...(grpcMessage !== undefined && { grpcMessage: percentDecoded(grpcMessage) }),
  };
}

/** gRPC over HTTP/2, Status-Message: what is malformed is shown as it came. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
