import type { ApiClient } from '@crm-sync/client';
import * as React from 'react';

const ApiContext = React.createContext<ApiClient | undefined>(undefined);
export const ApiProvider = ApiContext.Provider;

/** The API, called as who is signed in. */
export const useApi = (): ApiClient => {
  const api = React.useContext(ApiContext);
  if (!api) throw new Error('useApi is used outside of a session');
  return api;
};
