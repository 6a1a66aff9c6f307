const TOKEN = "[-!#$%&'*+.^_`|~A-Za-z0-9]+";
const TYPE = new RegExp(`^(${TOKEN})?(/)?(${TOKEN})?(.*)$`, 's');
const PARAMETER = new RegExp(`^\\s*;\\s*(${TOKEN})\\s*=\\s*(${TOKEN}|"(?:[^"\\\\\r\n]|\\\\[^\r\n])*")`);

/** What is wrong with a `Content-Type`, in the words of Go. */
export function mediaTypeProblem(text: string): string | undefined {
  const [written = ''] = text.split(';', 1);
  return typeProblem(written.trim()) ?? parametersProblem(text.slice(written.length));
}

function typeProblem(written: string): string | undefined {
  const [, type, slash, subtype, rest] = TYPE.exec(written) ?? [];
  if (type === undefined) return 'mime: no media type';
  if (written === type) return undefined;
  if (slash === undefined) return 'mime: expected slash after first token';
  if (subtype === undefined) return 'mime: expected token after slash';
  return rest === '' ? undefined : 'mime: unexpected content after media subtype';
}

function parametersProblem(text: string): string | undefined {
  const values = new Map<string, string>();
  let left = text;
  for (let found = PARAMETER.exec(left); found !== null; found = PARAMETER.exec(left)) {
    const [whole, written = '', value = ''] = found;
    const name = written.toLowerCase();
    if ((values.get(name) ?? value) !== value) return 'mime: duplicate parameter name';
    values.set(name, value);
    left = left.slice(whole.length);
  }
  return /^\s*;?\s*$/.test(left) ? undefined : 'mime: invalid media parameter';
}
