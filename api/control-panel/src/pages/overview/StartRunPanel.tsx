import type { Run, Source, StartRun } from '@crm-sync/client';
import { Checkbox, ChoiceGroup, DefaultButton, Panel, PanelType, PrimaryButton, Stack } from '@fluentui/react';
import * as React from 'react';
import { goTo } from '../../app/usePage.ts';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { useAction } from '../../loading/useAction.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

/** What may be chosen before a run starts. */
type Choice = Pick<Run, 'mode' | 'tables' | 'isDryRun' | 'repairs'>;

export interface StartRunPanelProps {
  readonly source: Pick<Source, 'id' | 'name' | 'tables'>;
  /** What is chosen at first; a full run of every table when left out. */
  readonly initial?: Choice;
  readonly onDismiss: () => void;
}

const modeOptions = [
  { key: 'full', text: words.startRun.fullText },
  { key: 'incremental', text: words.startRun.incrementalText },
  { key: 'verify', text: words.startRun.verifyText },
] as const;

const modeOf = (key: string | undefined): Choice['mode'] => modeOptions.find((option) => option.key === key)?.key ?? 'full';

const startTextOf = ({ mode, isDryRun }: Choice): string => {
  if (mode === 'verify') return words.startRun.startVerify;
  return isDryRun ? words.startRun.startDry : words.startRun.start;
};

/** A verification writes nothing unless it repairs, so it has no dry run. */
const requestOf = (sourceId: string, { mode, tables, isDryRun, repairs }: Choice): StartRun =>
  mode === 'verify' ? { sourceId, mode, tables, ...(repairs ? { repairs } : {}) } : { sourceId, mode, tables, isDryRun };

/** Asks how a source shall be synced, starts the run and goes to its page. */
export const StartRunPanel: React.FunctionComponent<StartRunPanelProps> = ({ source, initial, onDismiss }) => {
  const api = useApi();
  const [choice, setChoice] = React.useState<Choice>(() => initial ?? { mode: 'full', tables: source.tables, isDryRun: false });
  const starting = useAction<StartRun, Run>(
    (request) => api.startRun(request),
    (run) => goTo({ name: 'run', runId: run.id }),
  );

  const setTable = (table: Run['tables'][number], isChosen: boolean) =>
    // In the source's order: accounts are written before contacts.
    setChoice({ ...choice, tables: source.tables.filter((other) => (other === table ? isChosen : choice.tables.includes(other))) });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    starting.start(requestOf(source.id, choice));
  };

  return (
    <Panel
      isOpen
      type={PanelType.smallFixedFar}
      headerText={words.startRun.title(source.name)}
      closeButtonAriaLabel={words.close}
      onDismiss={onDismiss}
    >
      <form onSubmit={submit}>
        <Stack tokens={{ childrenGap: 20, padding: '16px 0' }}>
          <ChoiceGroup
            label={words.startRun.mode}
            options={[...modeOptions]}
            selectedKey={choice.mode}
            onChange={(_, option) => setChoice({ ...choice, mode: modeOf(option?.key) })}
          />
          <fieldset className="plain-fieldset">
            <legend>{words.startRun.tables}</legend>
            <Stack tokens={{ childrenGap: 8 }}>
              {source.tables.map((table) => (
                <Checkbox
                  key={table}
                  label={words.table[table]}
                  checked={choice.tables.includes(table)}
                  onChange={(_, isChosen) => setTable(table, isChosen === true)}
                />
              ))}
            </Stack>
            {choice.tables.length === 0 && <p role="alert">{words.startRun.tablesMissing}</p>}
          </fieldset>
          {choice.mode === 'verify' ? (
            <Checkbox
              label={words.startRun.repairText}
              checked={choice.repairs === true}
              onChange={(_, repairs) => setChoice({ ...choice, repairs: repairs === true })}
            />
          ) : (
            <Checkbox
              label={words.startRun.dryRunText}
              checked={choice.isDryRun}
              onChange={(_, isDryRun) => setChoice({ ...choice, isDryRun: isDryRun === true })}
            />
          )}
          {starting.problem && <ProblemBar problem={starting.problem} />}
          <div className="actions">
            <PrimaryButton
              type="submit"
              text={starting.isUnderWay ? words.startRun.starting : startTextOf(choice)}
              disabled={starting.isUnderWay || choice.tables.length === 0}
            />
            <DefaultButton text={words.startRun.cancel} onClick={onDismiss} />
          </div>
        </Stack>
      </form>
    </Panel>
  );
};
