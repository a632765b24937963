/** What control and control panel share: pure Fluent 8 components with plain props, safe on React 16.14 to 18. */
export { type RunCounts, type RunPartName, equationParts } from './equation';
export * from './icons';
export { RelativeTime, type RelativeTimeProps } from './RelativeTime';
export { RunEquation, type RunEquationProps, type RunEquationStrings } from './RunEquation';
export { StateDot, type StateDotProps } from './StateDot';
export { safeHttpUrl } from './safeHttpUrl';
export { SyncCard, type SyncCardProps } from './sync-card/SyncCard';
export type { FindActions } from './sync-card/FindPanel';
export type {
  CardCandidate,
  CardChange,
  CardFind,
  CardOtherRecord,
  CardOutcome,
  CardProblem,
  CardRecord,
  ConfigurationGap,
  KnownRecord,
  RecordFaceState,
  SyncCardState,
} from './sync-card/state';
export { type SyncCardStringName, type SyncCardStrings, syncCardStringNames } from './sync-card/strings';
export { fillText } from './text';
export { exactTime, relativeTime, timeAhead } from './timeWords';
export { type Tone, toneColor } from './tone';
