import type { Json } from '@keelson/machinery';

/** A Table of meta.k8s.io, as clients that print see it. */
export interface Table {
  readonly kind: string;
  readonly apiVersion: string;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly { readonly cells: readonly Json[]; readonly object: Json }[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}
