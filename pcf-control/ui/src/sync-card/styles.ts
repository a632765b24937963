import { type ITheme, mergeStyleSets } from '@fluentui/react';

const monospace = 'Consolas, "Cascadia Mono", Menlo, monospace';

/** Logical properties only (inline, block): the same rules serve right-to-left. */
const makeStyles = ({ semanticColors, palette, fonts }: ITheme) =>
  mergeStyleSets({
    card: {
      ...fonts.medium,
      position: 'relative',
      boxSizing: 'border-box',
      width: '100%',
      paddingBlock: 8,
      paddingInline: 12,
      color: semanticColors.bodyText,
      backgroundColor: semanticColors.bodyBackground,
      border: `1px solid ${semanticColors.bodyDivider}`,
      borderRadius: 4,
      overflow: 'hidden',
    },
    // Lies on the card's edge: it comes and goes without moving anything.
    progress: { position: 'absolute', insetInline: 0, insetBlockEnd: 0 },
    line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 8, rowGap: 4, minHeight: 32 },
    skeleton: { flex: '1 1 100%' },
    identity: { display: 'flex', alignItems: 'center', columnGap: 8, minWidth: 0, flex: '1 1 160px' },
    mark: {
      flex: 'none',
      width: 20,
      height: 20,
      borderRadius: 4,
      display: 'inline-flex',
      alignItems: 'center',
      justifyContent: 'center',
      fontSize: 12,
      fontWeight: 600,
      color: semanticColors.primaryButtonText,
      backgroundColor: semanticColors.primaryButtonBackground,
      // Forced colours take the background away; the edge keeps it a mark.
      outline: '1px solid transparent',
      outlineOffset: -1,
    },
    sourceName: { fontWeight: 600, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: '3em', flex: '0 1 auto' },
    // Gives way first: the name says which CRM, and the whole id stands in the title.
    recordId: {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      color: palette.neutralSecondary,
      minWidth: '3em',
      flex: '0 1000 auto',
    },
    links: { display: 'inline-flex', alignItems: 'center', columnGap: 4, maxWidth: '100%', minWidth: 0 },
    link: { display: 'inline-flex', alignItems: 'center', columnGap: 4, maxWidth: '100%', minWidth: 0 },
    linkText: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    recordIdWhole: { overflowWrap: 'anywhere', fontFamily: monospace, fontSize: 12, userSelect: 'all' },
    narrowLine: { display: 'flex', alignItems: 'center', columnGap: 6, minHeight: 32 },
    // The words stay for screen readers; the shape of the dot stays for everyone else.
    narrowState: {
      flex: '1 1 0',
      minWidth: 12,
      overflow: 'hidden',
      whiteSpace: 'nowrap',
      textOverflow: 'ellipsis',
      selectors: { '& span': { overflow: 'hidden', textOverflow: 'ellipsis' } },
    },
    narrowButtons: { display: 'inline-flex', flex: 'none' },
    primaryIcon: {
      color: semanticColors.primaryButtonText,
      backgroundColor: semanticColors.primaryButtonBackground,
      outline: '1px solid transparent',
      selectors: {
        ':hover': { color: semanticColors.primaryButtonTextHovered, backgroundColor: semanticColors.primaryButtonBackgroundHovered },
        ':active': { color: semanticColors.primaryButtonTextPressed, backgroundColor: semanticColors.primaryButtonBackgroundPressed },
      },
    },
    callout: { ...fonts.medium, boxSizing: 'border-box', padding: 12, width: 'min(340px, 90vw)', color: semanticColors.bodyText },
    details: { display: 'grid', rowGap: 2, margin: 0, marginBlockStart: 4 },
    detail: { display: 'flex', flexWrap: 'wrap', columnGap: 8, alignItems: 'baseline' },
    detailLabel: { flex: '0 0 150px', color: palette.neutralSecondary },
    detailValue: { flex: '1 1 150px', minWidth: 0, margin: 0 },
    buttons: { display: 'flex', flexWrap: 'wrap', columnGap: 8, rowGap: 8, marginBlockStart: 8 },
    panel: { display: 'grid', rowGap: 8 },
    searchLine: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', columnGap: 8 },
    searchBox: { flex: '1 1 160px', minWidth: 0 },
    searchLabel: { paddingBlockEnd: 4 },
    candidates: { listStyle: 'none', padding: 0, margin: 0, marginBlockStart: 4 },
    candidate: {
      display: 'flex',
      alignItems: 'center',
      columnGap: 8,
      rowGap: 4,
      paddingBlock: 8,
      overflowWrap: 'anywhere',
      flexWrap: 'wrap',
      selectors: { '& + &': { borderBlockStart: `1px solid ${semanticColors.bodyDivider}` } },
    },
    candidateText: { flex: '1 1 160px', minWidth: 0 },
    candidateFacts: { display: 'flex', flexWrap: 'wrap', columnGap: 10, minWidth: 0 },
    status: { flex: '1 1 160px', minWidth: 0, overflow: 'hidden', paddingBlock: 2 },
    // Each part starts with a gap that holds its separator; pulled out of the box, so that a line never starts with a dot.
    statusParts: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', marginInlineStart: -14, minHeight: 20 },
    statusPart: { paddingInlineStart: 14 },
    time: {
      position: 'relative',
      color: palette.neutralSecondary,
      whiteSpace: 'nowrap',
      selectors: { '&::before': { content: '"·"', position: 'absolute', insetInlineStart: 5 } },
    },
    action: { flex: 'none', minWidth: 104, minHeight: 32 },
    message: { overflowWrap: 'anywhere', flex: '1 1 160px', minWidth: 0 },
    title: { fontWeight: 600 },
    help: { color: palette.neutralSecondary },
    reference: {
      color: palette.neutralSecondary,
      fontFamily: monospace,
      fontSize: 12,
      userSelect: 'all',
    },
    note: { marginBlockStart: 8, paddingBlockStart: 8, borderBlockStart: `1px solid ${semanticColors.bodyDivider}` },
    noteLine: { display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', columnGap: 8 },
    smallButton: { flex: 'none', width: 24, height: 24, marginBlock: -2 },
    copyResult: { color: palette.neutralSecondary },
    changes: { listStyle: 'none', padding: 0, margin: 0, marginBlockStart: 6, display: 'grid', rowGap: 4 },
    change: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: 8, overflowWrap: 'anywhere' },
    changeLabel: { color: palette.neutralSecondary, flex: '0 0 130px' },
    changeValues: { flex: '1 1 150px', minWidth: 0 },
    arrow: { marginInline: 6, verticalAlign: 'middle', selectors: { '[dir="rtl"] &': { transform: 'scaleX(-1)' } } },
    after: { fontWeight: 600 },
    empty: { fontStyle: 'italic', color: palette.neutralSecondary, fontWeight: 400 },
    touch: { selectors: { '& .ms-Button': { minHeight: 44 }, '& .ms-Button--icon': { minWidth: 44 }, '& .ms-Link': { minHeight: 24 } } },
    hidden: {
      position: 'absolute',
      width: 1,
      height: 1,
      margin: -1,
      padding: 0,
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
      border: 0,
    },
  });

export type CardStyles = ReturnType<typeof makeStyles>;

const stylesOfTheme = new WeakMap<ITheme, CardStyles>();

/** Made once per theme: merging styles is the dearest part of drawing. */
export const cardStyles = (theme: ITheme): CardStyles => {
  const known = stylesOfTheme.get(theme);
  if (known) return known;
  const made = makeStyles(theme);
  stylesOfTheme.set(theme, made);
  return made;
};
