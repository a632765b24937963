/**
 * The client API that a model-driven form gives to its scripts (`formContext`), as far as scripts for the control use it.
 * @param {object} options
 * @param {() => readonly string[]} options.editedColumns logical names of columns whose edits are not saved
 * @param {() => Promise<void>} options.refresh reads the row anew; edits that are not saved are lost, as on the real form
 */
export const createFormContext = ({ editedColumns, refresh }) => {
  /** @type {Map<string, ((parameters: unknown) => void)[]>} */
  const handlers = new Map();
  const control = {
    getName: () => 'ccsync_sourcekey',
    /** @param {string} event @param {(parameters: unknown) => void} handler */
    addEventHandler: (event, handler) => void handlers.set(event, [...(handlers.get(event) ?? []), handler]),
  };
  return {
    /** @param {string} event @param {unknown} parameters */
    raise: (event, parameters) => handlers.get(event)?.forEach((handler) => handler(parameters)),
    formContext: {
      ui: { controls: { get: () => [control] } },
      data: {
        getIsDirty: () => editedColumns().length > 0,
        refresh: () => refresh(),
        entity: {
          attributes: {
            get: () => editedColumns().map((name) => ({ getName: () => name, getIsDirty: () => true })),
          },
        },
      },
    },
  };
};
