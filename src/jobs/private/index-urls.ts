// URLs of indexes and packages. They may hold credentials: a user and a password, a query, or a token in the path.

/** What may be said of the URL of an index. Some indexes take a token in the path. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}

/** The URL of a package, as far as it tells which package it is. */
export function withoutCredentials(url: string): string {
  try {
    const { protocol, host, pathname, hash } = new URL(url);
    return `${protocol}//${host}${pathname}${hash}`;
  } catch {
    return url.replace(/\/\/[^/]*@/, '//').replace(/\?[^#\s]*/, '');
  }
}

/** The text with the host and the last part of each URL only. A URL ends at a blank, because a password may have any other character. */
export function withoutUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)(\S*)/gi, (_, scheme: string, rest: string) => {
    const [authority, ...path] = rest.replace(/[?#].*$/, '').split('/');
    const last = path.filter((part) => part !== '').pop();
    const host = authority.slice(authority.lastIndexOf('@') + 1);
    // a password may have a slash in it, and then the host is in the path
    if (path.some((part) => part.includes('@'))) { return `${scheme}…`; }
    return `${scheme}${host}${last === undefined ? '' : `/…/${last}`}`;
  });
}

/** These words of paths say nothing, and messages need them. */
const USUAL = ['simple', 'pypi', 'python', 'repository', 'packages'];

/** The user, the password, the query and the parts of the path of each URL of an index in a text, as they are written and decoded. */
export function secretParts(text: string): string[] {
  return [...text.matchAll(/[a-z][a-z0-9+.-]{0,20}:\/\/(\S*)/gi)].flatMap(([, rest]) => {
    const at = rest.lastIndexOf('@');
    const [path, ...query] = rest.slice(at + 1).split(/[?#]/);
    const user = rest.slice(0, Math.max(at, 0));
    const colon = user.indexOf(':');
    const userParts = colon < 0 ? [user] : [user, user.slice(0, colon), user.slice(colon + 1)];
    const pathParts = path.split('/').slice(1).filter((part) => !USUAL.includes(part));
    return [...userParts, ...pathParts, ...query].flatMap((part) => [part, decoded(part)]);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
