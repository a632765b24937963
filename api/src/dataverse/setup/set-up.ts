import { type Caller } from '../http/caller.ts';
import { ourChoice } from '../our-definition.ts';
import { hasSolution, isOursToDo, planSetup } from './plan-setup.ts';
import { SchemaReader } from './read-schema.ts';
import { describeChange, SchemaEditor } from './schema-editor.ts';
import { setupProblem } from './setup-problem.ts';
import { type DataverseSetup, type FoundSchema, type SetupFinding, type SetupOptions, type SetupReport } from './types.ts';

const isSame = (left: SetupFinding, right: SetupFinding): boolean =>
  left.component === right.component && left.table === right.table && left.name === right.name && left.problem === right.problem;

const reportOf = (schema: FoundSchema, changes: readonly SetupFinding[]): SetupReport => {
  const findings = planSetup(schema);
  return { isReady: findings.length === 0, isSolutionInstalled: hasSolution(schema), changes, findings };
};

/** Where the solution is not installed: brings our columns, choice and keys into the environment, or mends what is there. */
export class Setup implements DataverseSetup {
  readonly #reader: SchemaReader;
  readonly #editor: SchemaEditor;

  /** `wantsRequests`: the control asks through Dataverse, which needs a table of its own. */
  constructor(caller: Caller, options: { readonly wantsRequests: boolean }) {
    this.#reader = new SchemaReader(caller, options);
    this.#editor = new SchemaEditor(caller);
  }

  async setUp({ isDryRun, signal, onChange }: SetupOptions): Promise<SetupReport> {
    const { schema, languageCode } = await this.#reader.read(signal);
    const changes = planSetup(schema).filter(isOursToDo);
    if (isDryRun || changes.length === 0) return reportOf(schema, isDryRun ? changes : []);
    for (const change of changes) {
      onChange?.(change);
      const refusal = await this.#editor.mend(change, schema, languageCode, signal);
      if (refusal === null) continue;
      // Somebody else may have done it meanwhile, or we ourselves in a try whose answer was lost.
      const { schema: now } = await this.#reader.read(signal);
      if (planSetup(now).some((finding) => isSame(finding, change))) throw setupProblem(describeChange(change), refusal);
    }
    await this.#publish(changes, signal);
    return reportOf((await this.#reader.read(signal)).schema, changes);
  }

  async #publish(changes: readonly SetupFinding[], signal: AbortSignal): Promise<void> {
    const changed = changes.filter(({ remedy }) => remedy === 'lengthen' || remedy === 'addOption');
    if (changed.length === 0) return;
    const tables = [...new Set(changed.flatMap(({ table }) => (table === null ? [] : [table])))];
    const choices = changed.some(({ component }) => component === 'choice') ? [ourChoice.name] : [];
    const refusal = await this.#editor.publish(tables, choices, signal);
    if (refusal !== null) throw setupProblem('publishing the changes', refusal);
  }
}
