/** What is wrong with YAML text, in the words of Kubernetes. */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  /** `line`: as it is told; nothing is told of line 0. */
  constructor(problem: string, line = 0) {
    super(line > 0 ? `yaml: line ${line}: ${problem}` : `yaml: ${problem}`);
  }
}
