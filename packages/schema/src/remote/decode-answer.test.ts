import { ApiError, type RemoteAnswer } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import * as admission from '../gen/admission/index.js';
import { envelopePrefix, wrap } from '../wire/envelope.js';
import { decodeAnswer } from './decode-answer.js';

const { v1, v1beta1 } = admission;
const scheme = { kinds: [v1.AdmissionReview, v1beta1.AdmissionReview], name: 'here.go:1' };
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'u', allowed: true } };

function answer(body: unknown, code = 200, type: string | undefined = 'application/json'): RemoteAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { code, headers: type === undefined ? {} : { 'content-type': type }, body: Buffer.from(text) };
}

function decode(of: RemoteAnswer): unknown {
  return decodeAnswer(of, v1.AdmissionReview, scheme);
}

function failure(of: RemoteAnswer): string {
  try {
    decode(of);
  } catch (error) {
    return error instanceof ApiError ? `${error.code} ${error.reason}: ${error.message}` : String(error);
  }
  throw new Error('nothing failed');
}

const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

describe('decodeAnswer', () => {
  it('reads what was sent, and tells what it said it was', () => {
    const object = { response: { uid: 'u', allowed: true } };
    expect(decode(answer(review))).toEqual({ object, sent: { apiVersion: review.apiVersion, kind: review.kind } });
    expect(decode(answer({ response: review.response }))).toEqual({ object, sent: { apiVersion: '', kind: '' } });
    expect(decode(answer('response: {uid: u, allowed: true}'))).toEqual({ object, sent: { apiVersion: '', kind: '' } });
  });

  it('reads protobuf, whatever it is called', () => {
    const { apiVersion, kind, response } = review;
    const message = v1.AdmissionReview.codec.encode({ response });
    const body = wrap(envelopePrefix(apiVersion, kind), message);
    expect(decode({ ...answer(''), body })).toEqual({ object: { response }, sent: { apiVersion, kind } });
    expect(failure({ ...answer(''), body: body.subarray(0, -5) })).toBe('DecodeError: unexpected EOF');
  });

  it.each([
    ['foo bar;;', 'expected slash after first token'],
    [';charset=utf-8', 'no media type'],
    ['text/', 'expected token after slash'],
    ['text/plain x', 'unexpected content after media subtype'],
    ['text/plain;charset', 'invalid media parameter'],
    ['text/plain; a=1; A="2"', 'duplicate parameter name'],
  ])('takes nothing that is called %j', (type, problem) => {
    for (const code of [200, 403])
      expect(failure(answer(review, code, type))).toBe(`500 InternalError: Internal error occurred: mime: ${problem}`);
  });

  it.each(['json', 'Text/Plain; charset="utf-8" ;', 'application/json;a=b; c = d'])('takes what is called %j', (type) => {
    expect(decode(answer(review, 200, type))).toMatchObject({ sent: { kind: 'AdmissionReview' } });
  });

  it.each([
    ['', '0-length response with status code: 200 and content type: application/json'],
    ['{"a":', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    ['<html>', `couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type ${typeMeta}`],
    ['[]', `couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type ${typeMeta}`],
    [
      { ...review, apiVersion: 'admission.k8s.io/v1beta1' },
      'converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion',
    ],
    [{ apiVersion: 'v1', kind: 'Status' }, 'converting (v1.Status) to (v1.AdmissionReview): unknown conversion'],
    [{ apiVersion: 'v1', kind: 'Pod' }, 'no kind "Pod" is registered for version "v1" in scheme "here.go:1"'],
    [{ ...review, apiVersion: 'a/b/c' }, 'unexpected GroupVersion string: a/b/c'],
    [
      { ...review, response: { allowed: 'yes' } },
      'json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool',
    ],
  ])('says what is wrong with %j', (body, message) => {
    expect(failure(answer(body))).toBe(`DecodeError: ${message}`);
  });

  it.each([
    [
      500,
      'boom\n',
      'text/plain; charset=utf-8',
      '500 InternalError: an error on the server ("boom") has prevented the request from succeeding',
    ],
    [502, 'boom', 'application/json', '502 InternalError: an error on the server ("unknown") has prevented the request from succeeding'],
    [404, 'nope', undefined, '404 NotFound: the server could not find the requested resource'],
    [403, 'not you', 'text/plain', '403 Forbidden: not you'],
    [406, '', 'application/json', '406 NotAcceptable: the server was unable to respond with a content type that the client supports'],
    [302, '', undefined, '302 : the server responded with the status code 302 but did not return more information'],
    [
      500,
      { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 },
      'application/json',
      '403 Forbidden: no',
    ],
    [503, { status: 'Success' }, 'application/json', '503 ServiceUnavailable: the server is currently unable to handle the request'],
  ])('tells what code %d with %j means', (code, body, type, message) => {
    expect(failure(answer(body, code, type))).toBe(message);
  });
});

it('tells when it is worth asking again', () => {
  const later = { ...answer('busy', 503, 'text/plain'), headers: { 'retry-after': '7' } };
  const error = (() => {
    try {
      return decode(later);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ code: 503, reason: 'ServiceUnavailable', status: { details: { retryAfterSeconds: 7 } } });
});
