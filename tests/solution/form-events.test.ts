import { runInNewContext } from 'node:vm';
import { webResources } from '../../solution/src/definition/web-resources.ts';
import { webResourceScript } from '../../solution/src/web-resource-files.ts';

type Handler = (parameters?: unknown) => void;

/** The script as a form loads it: in the page, with nothing but what its handler is given. */
const loadOn = (controlNames: readonly string[], edited: readonly string[]) => {
  const [resource] = webResources;
  if (resource === undefined) throw new Error('there is no script');
  const page: { CrmSync?: { onLoad(context: object): void } } = {};
  runInNewContext(webResourceScript(resource), page);
  const handlers = new Map<string, Handler>();
  const refreshes: boolean[] = [];
  const controlOf = (name: string) => ({
    getName: () => name,
    ...(name === 'telephone1'
      ? {}
      : { addEventHandler: (event: string, handler: Handler) => void handlers.set(`${name} ${event}`, handler) }),
  });
  const attributes = ['telephone1', 'jobtitle'].map((name) => ({ getName: () => name, getIsDirty: () => edited.includes(name) }));
  const formContext = {
    data: {
      getIsDirty: () => edited.length > 0,
      refresh: (save: boolean) => void refreshes.push(save),
      entity: { attributes: { get: () => attributes } },
    },
    ui: { controls: { get: () => controlNames.map(controlOf) } },
  };
  page.CrmSync?.onLoad({ getFormContext: () => formContext });
  return { handlers, refreshes };
};

describe('the form’s script', () => {
  it('listens to the control wherever it sits on the form, and to nothing else', () => {
    const { handlers } = loadOn(['telephone1', 'emailaddress1', 'ccsync_sourcekey', 'ccsync_sourcekey1'], []);
    expect([...handlers.keys()]).toEqual([
      'ccsync_sourcekey onBeforeSync',
      'ccsync_sourcekey onSyncCompleted',
      'ccsync_sourcekey1 onBeforeSync',
      'ccsync_sourcekey1 onSyncCompleted',
    ]);
  });

  it('tells the control which columns hold edits that were not saved', () => {
    const { handlers } = loadOn(['ccsync_sourcekey'], ['jobtitle']);
    const told: unknown[] = [];
    handlers.get('ccsync_sourcekey onBeforeSync')?.({ reportUnsavedColumns: (columns: unknown) => told.push(columns) });
    expect(JSON.stringify(told)).toBe('[["jobtitle"]]');
  });

  it('reads the form anew after a sync without saving it, and never over unsaved edits', () => {
    const clean = loadOn(['ccsync_sourcekey'], []);
    clean.handlers.get('ccsync_sourcekey onSyncCompleted')?.();
    expect(clean.refreshes).toEqual([false]);
    const dirty = loadOn(['ccsync_sourcekey'], ['jobtitle']);
    dirty.handlers.get('ccsync_sourcekey onSyncCompleted')?.();
    expect(dirty.refreshes).toEqual([]);
  });
});
