import { cleanup, configure, render } from '@testing-library/react';
import * as React from 'react';
import { App } from '../../../api/control-panel/src/app/App.tsx';
import { type FakeApi, type FakeApiState, startFakeApi } from './fake-api.ts';

// The first page of a suite is slow on a busy machine; a page that never comes still fails.
configure({ asyncUtilTimeout: 5_000 });

let api: FakeApi | undefined;

/** Renders the whole panel at an address, against a server of its own. */
export const openPanel = async (hash: string, prepare: (state: FakeApiState) => void = () => undefined): Promise<FakeApi> => {
  api = await startFakeApi();
  prepare(api.state);
  window.matchMedia = (query) => {
    const list = new EventTarget() as MediaQueryList;
    return Object.assign(list, { matches: false, media: query });
  };
  // Unlike an assignment to `location.hash` this raises no event later, in the middle of the test.
  history.replaceState(null, '', hash);
  render(<App apiBaseUrl={api.url} />);
  return api;
};

afterEach(async () => {
  cleanup();
  await api?.close();
  api = undefined;
});
