/** Pages of one site with test and branch hosts; whoever has more wants a wildcard. */
export const MOST_ORIGINS = 50;
const LONGEST_ORIGIN = 300;

const HTTPS = 'https://';
/** Every host below a domain, at whatever depth, and not the domain itself. */
const ANY_BELOW = `${HTTPS}*.`;
const NAMED_BY_EXAMPLE = 'such as https://example.org or https://*.example.org';

/** What is wrong with the origins that an app wants to let in, as a sentence; `null`: nothing. */
export function faultOfOrigins(given: unknown): string | null {
  if (!Array.isArray(given) || given.length > MOST_ORIGINS)
    return `allowedOrigins must be a list of at most ${MOST_ORIGINS} origins, ${NAMED_BY_EXAMPLE}`;
  const fault = given.map(faultOf).find((one) => one !== null);
  if (fault !== undefined) return fault;
  return new Set(given).size < given.length ? 'allowedOrigins names an origin twice' : null;
}

function faultOf(given: unknown): string | null {
  if (typeof given !== 'string' || given === '' || given.length > LONGEST_ORIGIN)
    return `allowedOrigins holds texts of at most ${LONGEST_ORIGIN} characters, ${NAMED_BY_EXAMPLE}`;
  if (given === '*') return `allowedOrigins cannot be open to every page with "*": name origins, ${NAMED_BY_EXAMPLE}`;
  if (given === 'null')
    return 'allowedOrigins cannot name "null": files and sandboxed frames of anybody say that they are it';
  const isWild = given.startsWith(ANY_BELOW);
  const told = JSON.stringify(given);
  // A host name in place of the star: then it must be an origin like any other.
  const meant = isWild ? `${HTTPS}any.${given.slice(ANY_BELOW.length)}` : given;
  const url = URL.parse(meant);
  if (url === null || !/^https?:$/.test(url.protocol))
    return `allowedOrigins: ${told} is no origin of a page, ${NAMED_BY_EXAMPLE}`;
  if (meant.includes('*'))
    return `allowedOrigins: ${told} has a star where none is known; it stands for the first labels of a host of https, as in https://*.example.org`;
  if (url.origin !== meant) {
    const right = isWild ? url.origin.replace('any.', '*.') : url.origin;
    return `allowedOrigins: ${told} is not as browsers send it, without path and slash at the end; write ${right}`;
  }
  return isWild && !/\..+\../.test(url.hostname)
    ? `allowedOrigins: ${told} is open to all of a top-level domain; name one below it, as in https://*.example.org`
    : null;
}

/** Whether a page whose browser says that it is of this origin is among them. */
export function allowsOrigin(allowed: readonly string[], origin: string): boolean {
  if (allowed.length === 0 || origin.length > LONGEST_ORIGIN || origin.includes('*')) return false;
  if (URL.parse(origin)?.origin !== origin) return false;
  return allowed.some((one) => one === origin || (one.startsWith(ANY_BELOW) && isBelow(origin, one)));
}

function isBelow(origin: string, wild: string): boolean {
  const domain = wild.slice(`${HTTPS}*`.length);
  return origin.startsWith(HTTPS) && origin.endsWith(domain) && origin.length > HTTPS.length + domain.length;
}
