import * as React from 'react';

/**
 * Where the API is: as the maker wrote it into the control's property, else as the environment says. Undefined while that is being
 * read; empty when nobody says it, or it cannot be read.
 */
export const useApiBaseUrl = (given: string, readFromEnvironment: (() => Promise<string>) | undefined): string | undefined => {
  const [found, setFound] = React.useState<string>();
  const read = React.useRef(readFromEnvironment);
  const isNeeded = given === '' && readFromEnvironment !== undefined;
  React.useEffect(() => {
    if (!isNeeded) return undefined;
    let isThere = true;
    const tell = (url: string) => {
      if (isThere) setFound(url);
    };
    read.current?.().then(tell, () => tell(''));
    return () => {
      isThere = false;
    };
  }, [isNeeded]);
  return isNeeded ? found : given;
};
