/** A command line that cannot be used as given. The message names the flag and is all the user needs: no stack is shown. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
}
