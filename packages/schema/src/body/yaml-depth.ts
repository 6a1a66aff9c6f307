import { Lexer, Parser } from 'yaml';

/**
 * How deep YAML may nest. The library composes values by recursion, and where the stack ends is not always an exception: at
 * some places it is the end of the process. It is reached at twice as many levels and more; Kubernetes reads 10 000.
 */
export const maxYamlDepth = 400;

/** Whether the values of a text nest deeper than they can be read. */
export function isTooDeep(text: string): boolean {
  return mostDepth(text) > maxYamlDepth && parsesTooDeep(text);
}

/** No less than the depth: few texts have to be looked at more closely. */
function mostDepth(text: string): number {
  let flows = 0;
  let deepest = 0;
  for (const line of text.split('\n')) {
    flows += count(line, /[[{]/g);
    // A column can begin a map and a list; so can what stands behind an indicator.
    deepest = Math.max(deepest, 2 * (indentOf(line) + count(line, /[-?:](?=\s|$)/g)) + 2);
  }
  return flows + deepest;
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0;
}

function indentOf(line: string): number {
  return Math.max(line.search(/[^ ]/), 0);
}

/** The parser keeps a stack of its own, and builds no values. */
function parsesTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > maxYamlDepth) return true;
  }
  return false;
}
