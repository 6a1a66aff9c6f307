import { once } from 'node:events';
import { connect } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { ScriptedPeer, settings } from '../../../testing/etcd/scripted-peer.js';
import { decodeFields, encodeFields } from './hpack.js';
import { decodeHuffman } from './huffman.js';
import { ErrorCode, FrameType, Setting } from './protocol.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const decoded = (text: string) => decodeFields(hex(text)).map(([name, value]) => `${name}: ${value}`);
const malformed = expect.objectContaining({ code: ErrorCode.COMPRESSION_ERROR });

describe('the examples of RFC 7541, appendix C', () => {
  it.each([
    ['C.2.1', '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key: custom-header']],
    ['C.2.2', '040c 2f73 616d 706c 652f 7061 7468', [':path: /sample/path']],
    ['C.2.3', '1008 7061 7373 776f 7264 0673 6563 7265 74', ['password: secret']],
    ['C.2.4', '82', [':method: GET']],
    [
      'C.3.1',
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    ],
    ['C.4.1', '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com']],
    [
      'C.5.1',
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      [':status: 302', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
    ],
    [
      'C.6.1',
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      [':status: 302', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
    ],
  ])('%s', (_name, block, fields) => {
    expect(decoded(block)).toEqual(fields);
  });

  it('C.1: integers, as the index of a table and as a length', () => {
    expect(decoded(`04 7f ba09 ${'61'.repeat(1337)}`)).toEqual([`:path: ${'a'.repeat(1337)}`]);
    expect(encodeFields([[':path', 'a'.repeat(1337)]])).toEqual(hex(`04 7f ba09 ${'61'.repeat(1337)}`));
  });

  it('C.3.2: a table that was not allowed is refused', () => {
    expect(() => decoded('8286 84be 5808 6e6f 2d63 6163 6865')).toThrow(malformed);
  });
});

describe('header blocks', () => {
  it('may begin by saying that there is no table', () => {
    expect(decoded('20 20 88')).toEqual([':status: 200']);
    expect(() => decoded('3f e1 1f 88')).toThrow(malformed);
    expect(() => decoded('88 20')).toThrow(malformed);
  });

  it.each([
    ['the index 0', '80'],
    ['an integer that does not end', '04 7f 80 80 80 80 80 80'],
    ['the end within an integer', '04 7f 80'],
    ['the end within a name', '00 05 61'],
    ['the end before a value', '00 01 61'],
    ['a name whose index is none', '0f 2f 01 61'],
  ])('are refused: %s', (_name, block) => {
    expect(() => decoded(block)).toThrow(malformed);
  });

  it('are read as they were written', () => {
    const fields = [
      [':method', 'POST'],
      [':path', '/a'],
      ['token', 'é'],
      ['', ''],
      ['long', 'x'.repeat(20_000)],
    ] as const;
    expect(decodeFields(encodeFields(fields))).toEqual(fields);
  });
});

describe('Huffman codes', () => {
  it('stand for every octet that a field can hold', async () => {
    const octets = [9, ...Array.from({ length: 224 }, (_, i) => 32 + i)].filter((octet) => octet !== 127);
    // Long enough for the code to be shorter than the octets, so that it is used.
    const values = octets.map((octet) => `${'a'.repeat(16)}${String.fromCharCode(octet)}${'e'.repeat(16)}`);
    const peer = await ScriptedPeer.listen(settings({ [Setting.HEADER_TABLE_SIZE]: 0 }));
    const session = connect(peer.endpoint).on('error', () => undefined);
    await once(session, 'remoteSettings');
    session.request(Object.fromEntries(values.map((value, i) => [`x-${i}`, value]))).on('error', () => undefined);
    const { payload } = await peer.next(FrameType.HEADERS);
    session.destroy();
    await peer.close();
    const fields = new Map(decodeFields(payload));
    expect(octets.map((_, i) => fields.get(`x-${i}`))).toEqual(values);
  });

  it('are filled up with ones, by less than an octet', () => {
    expect(decodeHuffman(hex('1f'))).toBe('a');
    expect(decodeHuffman(hex(''))).toBe('');
    expect(() => decodeHuffman(hex('1e'))).toThrow(malformed);
    expect(() => decodeHuffman(hex('1fff'))).toThrow(malformed);
    expect(() => decodeHuffman(hex('ffffffff'))).toThrow(malformed);
  });
});
