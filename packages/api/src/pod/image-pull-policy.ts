const domainPart = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)';
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathPart = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const remote = `${pathPart}(?:/${pathPart})*`;
const tag = '[\\w][\\w.-]{0,127}';
const digest = 'sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}';
const localReference = new RegExp(`^${remote}(?::(${tag}))?(?:@(${digest}))?$`);
const domainText = new RegExp(`^${domain}$`);
const identifier = /^[a-f0-9]{64}$/;

const maxNameLength = 255;
/** Longer than any name with tag and digest: not worth matching. */
const maxReferenceLength = 1024;

/** How an image is pulled when its container does not say: `latest` may change, other tags do not. */
export function defaultImagePullPolicy(image: string | undefined): 'Always' | 'IfNotPresent' {
  return imageTag(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent';
}

/** The tag of an image, `latest` where neither a tag nor a digest is named; undefined when there is none or the text is no image. */
function imageTag(image: string): string | undefined {
  if (image.length > maxReferenceLength || identifier.test(image)) return undefined;
  const match = localReference.exec(withoutDomain(image));
  if (match === null) return undefined;
  const [, found, pinned] = match;
  const name = image.slice(0, image.length - suffixLength(found) - suffixLength(pinned));
  if (name.length > maxNameLength) return undefined;
  return found ?? (pinned === undefined ? 'latest' : undefined);
}

function suffixLength(part: string | undefined): number {
  return part === undefined ? 0 : part.length + 1;
}

/** What stands behind the registry's address: a first segment that shows it is one by a dot, a port, an upper-case letter, or being `localhost`. */
function withoutDomain(image: string): string {
  const slash = image.indexOf('/');
  if (slash < 0) return image;
  const first = image.slice(0, slash);
  if (!/[.:]/.test(first) && first !== 'localhost' && first === first.toLowerCase()) return image;
  return domainText.test(first) ? image.slice(slash + 1) : '';
}
