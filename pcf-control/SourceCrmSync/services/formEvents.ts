/**
 * What the control and a form script say to each other, by the events of the manifest. The script listens with the documented
 * `formContext.getControl(name).addEventHandler(event, handler)`, and what is handed over below is the handler's one argument;
 * that a component may pass a callback in it is documented too (Power Apps, "Define events").
 *
 * The control must not touch the form by itself (`formContext` is not for components), so a form without the script works as well:
 * the row's columns on the form then show the new values when somebody refreshes it, and nobody is warned of unsaved edits.
 *
 * What a script does, in whole:
 *
 *     control.addEventHandler('onBeforeSync', ({ reportUnsavedColumns }) =>
 *       reportUnsavedColumns(formContext.data.entity.attributes.get().filter((column) => column.getIsDirty()).map((column) => column.getName())));
 *     control.addEventHandler('onSyncCompleted', () => {
 *       if (!formContext.data.getIsDirty()) formContext.data.refresh(false);
 *     });
 */

/** `onBeforeSync`: a person has asked for a sync or a link, and nothing has been done yet. */
export interface BeforeSync {
  /**
   * Names the columns (logical names) that were edited on the form and not saved. To be called before the handler returns.
   * Where the CRM has other values for one of them, the control asks the person first.
   */
  readonly reportUnsavedColumns: (columns: readonly string[]) => void;
}

/** `onSyncCompleted`: the row may have new values in Dataverse. */
export interface SyncCompleted {
  readonly outcome: string;
  /** Logical names. */
  readonly changedColumns: readonly string[];
}

type Events = Readonly<Record<string, ((parameters?: unknown) => void) | undefined>>;

const raise = (events: unknown, name: 'onBeforeSync' | 'onSyncCompleted', parameters: BeforeSync | SyncCompleted): void => {
  // Events are a preview feature: a host without them is served all the same.
  const handler = typeof events === 'object' && events !== null ? (events as Events)[name] : undefined;
  try {
    handler?.(parameters);
  } catch {
    // A mistake in somebody's form script must not stop the agent.
  }
};

/** Asks the form script which columns hold edits that were not saved; none where there is no script. */
export const askForUnsavedColumns = (events: unknown): readonly string[] => {
  const unsaved = new Set<string>();
  const reportUnsavedColumns = (columns: unknown) => {
    if (!Array.isArray(columns)) return;
    for (const column of columns) if (typeof column === 'string') unsaved.add(column);
  };
  raise(events, 'onBeforeSync', { reportUnsavedColumns });
  return [...unsaved];
};

export const tellSyncCompleted = (events: unknown, completed: SyncCompleted): void => raise(events, 'onSyncCompleted', completed);
