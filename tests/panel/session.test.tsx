/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { clickShown } from './support/click-shown.ts';
import { openPanel } from './support/open-panel.tsx';

const choose = async (item: RegExp) => {
  await userEvent.click(await screen.findByRole('button', { name: /Signed in as/ }));
  await clickShown(() => screen.getByRole('menuitem', { name: item }));
};

describe('signing in to the panel', () => {
  it('happens by itself in the sandbox, and says as whom', async () => {
    await openPanel('#/');
    expect(await screen.findByText('Signed in as Ada Admin (sandbox)')).toBeInTheDocument();
    expect(await screen.findByRole('article', { name: 'Northwind Traders CRM' })).toBeInTheDocument();
  });

  it('as an agent shows why the panel stays closed, and nothing of what the administrator saw', async () => {
    await openPanel('#/');
    await screen.findByRole('article', { name: 'Northwind Traders CRM' });
    await choose(/agent/);
    expect(await screen.findByText('This needs the role Sync.Admin')).toBeInTheDocument();
    expect(screen.getByText('Signed in as Alex Agent (sandbox)')).toBeInTheDocument();
    expect(screen.getByText(/Agents see and sync their records on the form/)).toBeInTheDocument();
    expect(screen.queryByText('Northwind Traders CRM')).not.toBeInTheDocument();
  });

  it('can be undone and done again', async () => {
    await openPanel('#/');
    await choose(/Sign out/);
    expect(await screen.findByRole('heading', { name: 'You are signed out' })).toBeInTheDocument();
    expect(screen.queryByRole('navigation')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('article', { name: 'Northwind Traders CRM' })).toBeInTheDocument();
  });

  it('says what to do when the sign-in is down, and tries again when asked', async () => {
    const api = await openPanel('#/', (state) => {
      state.isIssuerUp = false;
    });
    expect(await screen.findByRole('heading', { name: 'The local sign-in cannot be reached' })).toBeInTheDocument();
    api.state.isIssuerUp = true;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('article', { name: 'Northwind Traders CRM' })).toBeInTheDocument();
  });

  it('says plainly that Entra ID is not part of this version', async () => {
    await openPanel('#/', (state) => {
      state.signInKind = 'entra';
    });
    expect(await screen.findByRole('heading', { name: /Entra ID is not part of this version/ })).toBeInTheDocument();
  });

  it('says that the service cannot be reached when nothing answers', async () => {
    const api = await openPanel('#/');
    await screen.findByRole('article', { name: 'Northwind Traders CRM' });
    await api.close();
    await userEvent.click(screen.getByRole('link', { name: 'Runs' }));
    expect(await screen.findByText('CRM Sync cannot be reached')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});
