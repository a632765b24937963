import type { Tokens } from './tokens.ts';

const isPlain = (value: string): boolean => /^[\d.:TZ+-]*$/.test(value) || /^(true|false)$/i.test(value);

export interface AddressScrubber {
  /** Path and query of a request that was made, without the parameter that holds a key. */
  request(url: string): string;
  /** The address of a page, as an answer gives it: values that nobody asked for become tokens. */
  pageAddress(url: string): string;
}

const write = (pathname: string, pairs: readonly (readonly [string, string])[]): string =>
  `${pathname}${pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`}`;

const replacePath = (pathname: string, tokens: Tokens): string =>
  pathname
    .split('/')
    .map((segment) => {
      const plain = decodeSafely(segment);
      const replaced = tokens.replaceIn(plain);
      return replaced === plain ? segment : encodeURIComponent(replaced);
    })
    .join('/');

const decodeSafely = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Keeps what requests said, so that a next link that repeats it stays readable. */
export const createAddressScrubber = (options: {
  readonly tokens: Tokens;
  readonly origins: ReadonlySet<string>;
  readonly origin: string;
  readonly secretParameter: string | null;
}): AddressScrubber => {
  const { tokens, origins, origin, secretParameter } = options;
  const asked = new Set<string>();
  const pairsOf = ({ searchParams }: URL): readonly (readonly [string, string])[] =>
    [...searchParams].filter(([name]) => name !== secretParameter);
  return {
    request: (url) => {
      const parsed = new URL(url);
      const pairs = pairsOf(parsed).map(([name, value]) => [name, tokens.replaceIn(value)] as const);
      for (const [name, value] of pairs) asked.add(`${name}=${value}`);
      return write(replacePath(parsed.pathname, tokens), pairs);
    },
    pageAddress: (url) => {
      const parsed = URL.parse(url, [...origins][0] ?? origin);
      if (parsed === null) return tokens.add(url);
      const pairs = pairsOf(parsed).map(([name, value]) => {
        const known = tokens.replaceIn(value);
        return [name, isPlain(value) || known !== value || asked.has(`${name}=${value}`) ? known : tokens.add(value)] as const;
      });
      const target = write(replacePath(parsed.pathname, tokens), pairs);
      if (!/^[a-z]+:\/\//i.test(url)) return url.startsWith('?') ? target.slice(parsed.pathname.length) : target;
      return `${origin}${target}`;
    },
  };
};
