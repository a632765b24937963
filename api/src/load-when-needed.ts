import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A library that few need: loaded at the first call, at once and not by a promise, so that who calls need not wait either. */
export const loadWhenNeeded = <Library>(name: string): (() => Library) => {
  let library: Library | null = null;
  return () => (library ??= require(name) as Library);
};
