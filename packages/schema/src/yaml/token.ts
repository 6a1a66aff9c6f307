export type TokenType =
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly type: TokenType;
  /** Where it begins, from 0. */
  readonly line: number;
  /** Text of a scalar, name of an anchor, handle of a tag, version of a directive. */
  readonly value?: string;
  /** Of a tag, what follows its handle; of a directive, what the handle stands for. */
  readonly suffix?: string;
  /** Of a scalar that is neither quoted nor a block. */
  readonly plain?: boolean;
}
