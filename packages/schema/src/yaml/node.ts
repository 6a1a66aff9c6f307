/** What a document is made of, before it is known what its scalars mean. */
export type Node = ScalarNode | ListNode | MapNode | AliasNode;

interface Place {
  /** From 0. */
  readonly line: number;
}

export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  readonly value: string;
  /** In full; '' for none. */
  readonly tag: string;
  /** Whether the text tells what it is: without quotes, or with the tag `!`. */
  readonly implicit: boolean;
}

export interface ListNode extends Place {
  readonly kind: 'list';
  readonly items: Node[];
}

export interface MapNode extends Place {
  readonly kind: 'map';
  readonly entries: [key: Node, value: Node][];
}

export interface AliasNode extends Place {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}
