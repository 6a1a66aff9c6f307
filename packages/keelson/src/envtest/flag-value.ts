/** What a flag of another program says, given as `--name=value` or `--name value`; the last one counts. */
export function flagValue(args: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (const [at, arg] of args.entries()) {
    if (arg.startsWith(`--${name}=`)) found = arg.slice(name.length + 3);
    else if (arg === `--${name}`) found = args[at + 1];
  }
  return found;
}

/** The arguments without a flag, in either form. */
export function withoutFlag(args: readonly string[], name: string): string[] {
  return args.filter((arg, at) => !arg.startsWith(`--${name}=`) && arg !== `--${name}` && args[at - 1] !== `--${name}`);
}
