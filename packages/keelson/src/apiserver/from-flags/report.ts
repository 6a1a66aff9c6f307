/** Notes one thing that is wrong with the command line; all of them are shown together. */
export type Report = (problem: string) => void;

/** A flag's text, with "not given" told apart from any value. */
export const given = (text: string): string | undefined => (text === '' ? undefined : text);
