// What a test machine needs beside npm packages: a Chromium-like browser and PostgreSQL's server binaries.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StepFailed } from './prepare.mjs';

const onPath = (names) => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      if (folder && existsSync(path)) return path;
    }
  }
  return undefined;
};

const usualBrowserPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => {
    const base = process.env[variable];
    return base ? [join(base, 'Google/Chrome/Application/chrome.exe'), join(base, 'Microsoft/Edge/Application/msedge.exe')] : [];
  }),
};

/** Path of a Chromium-like browser, or undefined. CHROME_PATH decides when it is set. */
export const findBrowser = () => {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return (
    onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable']) ??
    usualBrowserPlaces[process.platform]?.find((path) => existsSync(path))
  );
};

/** Folder with initdb and postgres, or undefined. POSTGRES_BIN decides when it is set. */
export const findPostgresBinaries = () => {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  const versions = '/usr/lib/postgresql';
  const newest = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
        .find((folder) => existsSync(join(folder, 'postgres')))
    : undefined;
  if (newest) return newest;
  const initdb = onPath(['initdb', 'initdb.exe']);
  return initdb ? join(initdb, '..') : undefined;
};

const aptInstall = (debianPackage) => {
  if (process.platform !== 'linux' || !onPath(['apt-get'])) return false;
  const asRoot = process.getuid?.() === 0 ? [] : onPath(['sudo']) ? ['sudo', '-n'] : undefined;
  if (!asRoot) return false;
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    // A server package must not start its service: tests run their own on a private port.
    return (
      spawnSync(command, rest, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      }).status === 0
    );
  };
  process.stderr.write(`Installing ${debianPackage} …\n`);
  return apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', debianPackage);
};

export const ensureBrowser = () => {
  if (!findBrowser()) aptInstall('chromium');
  const browser = findBrowser();
  if (!browser)
    throw new StepFailed('The browser tests need Chrome, Edge or Chromium, and none was found. Install one, or set CHROME_PATH to it.');
  return browser;
};

/** undefined when DATABASE_URL names a server already. */
export const ensurePostgres = () => {
  if (process.env.DATABASE_URL) return undefined;
  if (!findPostgresBinaries()) aptInstall('postgresql');
  const folder = findPostgresBinaries();
  if (!folder)
    throw new StepFailed(
      'The store tests need PostgreSQL. Install its server, set POSTGRES_BIN to the folder of its programs, or DATABASE_URL to a running one.',
    );
  return folder;
};
