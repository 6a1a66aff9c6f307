import { describe, expect, it } from 'vitest';
import { decodeEnvelope } from '../golden/protobuf-tree.js';
import { encodeStored, encodeTree, type Tree } from './encode-tree.js';

describe('encodeStored', () => {
  it('is what decoding shows', () => {
    const object: Tree = [
      [
        1,
        [
          [1, 'n'],
          [2, ''],
          [
            8,
            [
              [1, 1_704_067_200],
              [2, 0],
            ],
          ],
        ],
      ],
      [30, 'text'],
    ];
    expect(decodeEnvelope(encodeStored('v1', 'ConfigMap', object))).toEqual({
      magic: true,
      apiVersion: 'v1',
      kind: 'ConfigMap',
      raw: object,
      contentEncoding: '',
      contentType: '',
    });
  });

  it('writes numbers as varints', () => {
    expect([
      ...encodeTree([
        [1, 300],
        [16, 0],
      ]),
    ]).toEqual([0x08, 0xac, 0x02, 0x80, 0x01, 0x00]);
  });
});
