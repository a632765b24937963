/** Opens the store, says `open`, and keeps it until stdin ends. */
import { openStore } from '../../../api/src/store/open-store.ts';
import { givenOptions } from './options.ts';

const store = await openStore(givenOptions());
process.stdout.write('open\n');
process.stdin.resume().once('end', () => void store.close());
