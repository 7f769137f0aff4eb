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
