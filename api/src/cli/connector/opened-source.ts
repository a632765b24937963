import type { Manifest } from '../../crm/manifest/schema/manifest.ts';
import type { Source } from '../../sync/types.ts';

/** A CRM, or a recording of one, ready to be read. */
export interface OpenedSource {
  readonly source: Source;
  readonly manifest: Manifest;
  /** With secrets. Never log. */
  readonly settings: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}
