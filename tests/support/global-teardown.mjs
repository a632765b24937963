import { rmSync } from 'node:fs';
import { runningServer } from './global-setup.mjs';

export default async () => {
  if (process.env.TEST_PREPARED_FOLDER) rmSync(process.env.TEST_PREPARED_FOLDER, { recursive: true, force: true });
  await globalThis[runningServer]?.stop();
};
