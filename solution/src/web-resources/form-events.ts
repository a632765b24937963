/**
 * What a form does for the control, by the events that the control raises. To be added to a form's libraries, with `CrmSync.onLoad` as a
 * handler of its event On Load and “Pass execution context as first parameter” set.
 *
 * It is no module: Power Apps runs it as a script in the page, and finds `CrmSync.onLoad` by its name.
 */

interface FormAttribute {
  getName(): string;
  getIsDirty(): boolean;
}

interface FormControl {
  getName(): string;
  /** Only components that raise events have it. */
  addEventHandler?(event: string, handler: (parameters: unknown) => void): void;
}

interface FormContext {
  readonly data: {
    getIsDirty(): boolean;
    refresh(save: boolean): unknown;
    readonly entity: { readonly attributes: { get(): readonly FormAttribute[] } };
  };
  readonly ui: { readonly controls: { get(): readonly FormControl[] } };
}

interface ExecutionContext {
  getFormContext(): FormContext;
}

interface BeforeSync {
  readonly reportUnsavedColumns: (columns: readonly string[]) => void;
}

// In a block: a script's constants are names of the whole page, where the control's own bundle declares `CrmSync` too.
{
  /** The column that the control sits on; a form that has it several times numbers the others. */
  const boundColumn = 'ccsync_sourcekey';

  const formEvents = {
    onLoad(executionContext: ExecutionContext): void {
      const formContext = executionContext.getFormContext();
      const { data, ui } = formContext;
      for (const control of ui.controls.get()) {
        if (!control.getName().startsWith(boundColumn) || control.addEventHandler === undefined) continue;
        // The control cannot see what was edited: it asks, before it overwrites it.
        control.addEventHandler('onBeforeSync', (parameters) => {
          const edited = data.entity.attributes.get().filter((attribute) => attribute.getIsDirty());
          (parameters as BeforeSync).reportUnsavedColumns(edited.map((attribute) => attribute.getName()));
        });
        // With unsaved edits the form stays as it is: to read it anew would lose them.
        control.addEventHandler('onSyncCompleted', () => {
          if (!data.getIsDirty()) data.refresh(false);
        });
      }
    },
  };

  Object.assign(globalThis, { CrmSync: formEvents });
}
