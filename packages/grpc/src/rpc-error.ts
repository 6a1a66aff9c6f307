import { type ServiceError, status } from '@grpc/grpc-js';

/** A call that failed, in the words that Go's programs have for it: Kubernetes shows them to its users. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** Name of the status code, such as `Unavailable`. */
  readonly code: string;

  constructor(code: number, details: string, options?: ErrorOptions) {
    const name = codeName(code);
    super(`rpc error: code = ${name} desc = ${details}`, options);
    this.code = name;
  }

  static of(error: ServiceError): RpcError {
    return new RpcError(error.code, error.details, { cause: error });
  }
}

/** Spelt otherwise there. */
const goNames: Readonly<Record<number, string>> = { [status.OK]: 'OK', [status.CANCELLED]: 'Canceled' };

/** `DEADLINE_EXCEEDED` as `DeadlineExceeded`. */
function codeName(code: number): string {
  const name = status[code];
  if (name === undefined) return `Code(${code})`;
  return goNames[code] ?? name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
