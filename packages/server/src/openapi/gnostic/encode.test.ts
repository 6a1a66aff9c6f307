import type { JsonObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { encodeGnostic, encodeMessage } from './encode.js';
import { openApiV2Forms } from './openapi-v2.js';
import { openApiV3Forms } from './openapi-v3.js';

/** Protobuf written by hand: a field's number with text, fields in it, bytes that are written already, or a number. */
type Field = readonly [number: number, content: string | number | Buffer | readonly Field[]];

function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(([number, content]) => field(number, content)));
}

function field(number: number, content: Field[1]): Buffer {
  if (typeof content === 'number') return Buffer.concat([varint(number * 8), varint(content)]);
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.isBuffer(content) ? content : message(...content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  return value < 0x80 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), varint(value >> 7)]);
}

describe('encodeGnostic', () => {
  it('writes a v2 document', async () => {
    const document: JsonObject = {
      swagger: '2.0',
      info: { title: 'Kubernetes', version: '1.34' },
      paths: {
        '/a/': {
          get: {
            operationId: 'readA',
            tags: ['a', 'b'],
            parameters: [{ $ref: '#/parameters/p' }],
            responses: { '200': { description: 'OK' } },
          },
        },
        '/b/': { parameters: [{ in: 'query', name: 'q', type: 'string', uniqueItems: true }], 'x-a': { b: [1, 'ü'] } },
      },
      definitions: { A: { type: 'object' }, B: { $ref: '#/definitions/A' } },
      security: [{ BearerToken: [] }],
    };
    const get: Field = [
      2,
      [
        [5, 'readA'],
        [1, 'a'],
        [1, 'b'],
        [8, [[2, [[1, '#/parameters/p']]]]],
        [
          9,
          [
            [
              1,
              [
                [1, '200'],
                [2, [[1, [[1, 'OK']]]]],
              ],
            ],
          ],
        ],
      ],
    ];
    const query: Field = [
      9,
      [
        [
          1,
          [
            [
              2,
              [
                [
                  3,
                  [
                    [2, 'query'],
                    [4, 'q'],
                    [6, 'string'],
                    [20, 1],
                  ],
                ],
              ],
            ],
          ],
        ],
      ],
    ];
    expect(await encodeGnostic(openApiV2Forms, document)).toEqual(
      message(
        [1, '2.0'],
        [
          2,
          [
            [1, 'Kubernetes'],
            [2, '1.34'],
          ],
        ],
        [
          8,
          [
            [
              2,
              [
                [1, '/a/'],
                [2, [get]],
              ],
            ],
          ],
        ],
        [
          8,
          [
            [
              2,
              [
                [1, '/b/'],
                [
                  2,
                  [
                    query,
                    [
                      10,
                      [
                        [1, 'x-a'],
                        [2, [[2, 'b:\n- 1\n- ü\n']]],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
        [
          9,
          [
            [
              1,
              [
                [1, 'A'],
                [2, [[22, [[1, 'object']]]]],
              ],
            ],
          ],
        ],
        [
          9,
          [
            [
              1,
              [
                [1, 'B'],
                [2, [[1, '#/definitions/A']]],
              ],
            ],
          ],
        ],
        [
          12,
          [
            [
              1,
              [
                [1, 'BearerToken'],
                [2, []],
              ],
            ],
          ],
        ],
      ),
    );
  });

  it('writes a v3 document', async () => {
    const schema = { schema: { $ref: '#/components/schemas/A' } };
    const document: JsonObject = {
      openapi: '3.0.0',
      paths: {
        '/a/': { post: { requestBody: { content: { '*/*': schema }, required: true }, responses: { '401': { description: 'no' } } } },
      },
      components: { schemas: { A: { type: 'string', default: '' } }, securitySchemes: { T: { type: 'apiKey', in: 'header', name: 'n' } } },
    };
    const content: Field = [
      2,
      [
        [
          1,
          [
            [1, '*/*'],
            [2, [[1, [[2, [[1, '#/components/schemas/A']]]]]]],
          ],
        ],
      ],
    ];
    const post: Field = [
      6,
      [
        [7, [[1, [content, [3, 1]]]]],
        [
          8,
          [
            [
              2,
              [
                [1, '401'],
                [2, [[1, [[1, 'no']]]]],
              ],
            ],
          ],
        ],
      ],
    ];
    expect(await encodeGnostic(openApiV3Forms, document)).toEqual(
      message(
        [1, '3.0.0'],
        [
          4,
          [
            [
              1,
              [
                [1, '/a/'],
                [2, [post]],
              ],
            ],
          ],
        ],
        [
          5,
          [
            [
              1,
              [
                [
                  1,
                  [
                    [1, 'A'],
                    [
                      2,
                      [
                        [
                          1,
                          [
                            [25, 'string'],
                            [33, [[3, '']]],
                          ],
                        ],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
        [
          5,
          [
            [
              7,
              [
                [
                  1,
                  [
                    [1, 'T'],
                    [
                      2,
                      [
                        [
                          1,
                          [
                            [1, 'apiKey'],
                            [4, 'header'],
                            [3, 'n'],
                          ],
                        ],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ),
    );
  });
});

describe('schemas', () => {
  it('in v2 have their parts in messages of their own', () => {
    const schema: JsonObject = {
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'array', items: { type: 'integer', format: 'int32', maximum: 7, enum: [0, 'x'] } } },
      additionalProperties: { type: 'string' },
      'x-kubernetes-list-map-keys': ['a'],
    };
    const maximum = Buffer.concat([varint(7 * 8 + 1), Buffer.from([0, 0, 0, 0, 0, 0, 0x1c, 0x40])]);
    const items = Buffer.concat([message([22, [[1, 'integer']]], [2, 'int32']), maximum, message([20, [[2, '0\n']]], [20, [[2, 'x\n']]])]);
    const array = message([22, [[1, 'array']]], [23, [[1, items]]]);
    const expected = message(
      [22, [[1, 'object']]],
      [19, 'a'],
      [
        25,
        [
          [
            1,
            [
              [1, 'a'],
              [2, array],
            ],
          ],
        ],
      ],
      [21, [[1, [[22, [[1, 'string']]]]]]],
      [
        31,
        [
          [1, 'x-kubernetes-list-map-keys'],
          [2, [[2, '- a\n']]],
        ],
      ],
    );
    expect(encodeMessage(openApiV2Forms, 'Schema', schema)).toEqual(expected);
  });

  it('keep what is false where that says something, and drop it elsewhere', () => {
    expect(encodeMessage(openApiV2Forms, 'Schema', { additionalProperties: false, readOnly: false })).toEqual(message([21, [[2, 0]]]));
    expect(encodeMessage(openApiV3Forms, 'Schema', { default: false, nullable: false })).toEqual(message([33, [[2, 0]]]));
  });

  it('in v3 cannot have an object as default', () => {
    expect(encodeMessage(openApiV3Forms, 'Schema', { default: {}, allOf: [{ $ref: '#/a' }] })).toEqual(message([26, [[2, [[1, '#/a']]]]]));
  });

  it('grow beyond any buffer that was made in advance', () => {
    const text = 'ü'.repeat(50_000);
    const encoded = encodeMessage(openApiV3Forms, 'Schema', { title: 'a', description: text });
    expect(encoded.equals(message([9, 'a'], [34, text]))).toBe(true);
  });
});
