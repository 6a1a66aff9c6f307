import { ApiError, type RemoteAnswer, type StatusDetails, type StatusReason } from '@keelson/machinery';

/** Bytes of a text that are told. */
const MOST_BYTES = 2048;

const REFUSALS: Readonly<Record<number, readonly [StatusReason, string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['AlreadyExists', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
};

/** What another server's answer is about. */
export interface AnswerSubject {
  readonly resource: string;
  readonly name: string;
}

/**
 * What a POST to another server failed with, by the code of its answer and the text in it: Kubernetes' clients say it so, with the
 * object that it was about where there is one.
 */
export function refusedAnswer(answer: RemoteAnswer, subject?: AnswerSubject): ApiError {
  const { code } = answer;
  const [reason, message] = REFUSALS[code] ?? refusalInWords(code, saidBy(answer));
  if (subject === undefined) return new ApiError(code, reason, message, retryAfterOf(answer));
  const { resource, name } = subject;
  return new ApiError(code, reason, `${message} ( ${resource} ${name})`, { name, kind: resource });
}

function refusalInWords(code: number, said: string): readonly [StatusReason, string] {
  if (code === 403) return ['Forbidden', said];
  if (code === 415) return ['UnsupportedMediaType', said];
  if (code === 406) return ['NotAcceptable', said === UNKNOWN ? UNACCEPTABLE : said];
  if (code >= 500) return ['InternalError', `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`];
  return ['', `the server responded with the status code ${code} but did not return more information`];
}

/** When it is worth asking again, if the other server says so. */
export function retryAfterOf({ headers }: RemoteAnswer): StatusDetails | undefined {
  const seconds = Number(headers['retry-after']);
  return seconds > 0 ? { retryAfterSeconds: seconds } : undefined;
}

const UNKNOWN = 'unknown';
const UNACCEPTABLE = 'the server was unable to respond with a content type that the client supports';

/** Only what says that it is text is told. */
function saidBy({ headers, body }: RemoteAnswer): string {
  const type = headers['content-type'] ?? '';
  return type === '' || type.startsWith('text/') ? body.subarray(0, MOST_BYTES).toString().trim() : UNKNOWN;
}
