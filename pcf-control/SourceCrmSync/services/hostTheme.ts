import { type ITheme, createTheme } from '@fluentui/react';

/** The tokens of Fluent 9 that a card shows; a host gives some hundred. */
type HostTokens = Readonly<Record<string, string | undefined>>;

/** The typings leave the theme open, so it is read as what it may be: anything. */
const readTokens = (theme: unknown): HostTokens | undefined =>
  typeof theme === 'object' && theme !== null
    ? Object.fromEntries(Object.entries(theme).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : undefined;

export interface HostThemeOptions {
  /** The host's `tokenTheme`; undefined where the modern look is switched off. */
  readonly tokenTheme?: unknown;
  readonly isDark: boolean;
  readonly isRightToLeft: boolean;
}

/** Only what is there: a token that a host leaves out keeps Fluent 8's own colour. */
const present = <Colors extends Readonly<Record<string, string | undefined>>>(colors: Colors): Partial<Record<keyof Colors, string>> =>
  Object.fromEntries(Object.entries(colors).filter(([, color]) => color !== undefined)) as Partial<Record<keyof Colors, string>>;

/** The host's Fluent 9 theme in Fluent 8's words; our own short table, because the official bridge adds 28 KB to the bundle. */
export const hostTheme = ({ tokenTheme, isDark, isRightToLeft }: HostThemeOptions): ITheme => {
  const tokens = readTokens(tokenTheme);
  if (!tokens) return createTheme({ rtl: isRightToLeft });
  const palette = present({
    themePrimary: tokens.colorBrandBackground,
    themeDarkAlt: tokens.colorBrandBackgroundHover,
    themeDark: tokens.colorBrandBackgroundPressed,
    themeDarker: tokens.colorBrandForegroundLinkPressed,
    neutralDark: tokens.colorNeutralForeground1,
    neutralPrimary: tokens.colorNeutralForeground1,
    neutralPrimaryAlt: tokens.colorNeutralForeground1,
    neutralSecondary: tokens.colorNeutralForeground2,
    neutralTertiary: tokens.colorNeutralForegroundDisabled,
    neutralTertiaryAlt: tokens.colorNeutralStroke1,
    neutralQuaternaryAlt: tokens.colorNeutralStroke2,
    neutralLight: tokens.colorNeutralBackground1Pressed,
    neutralLighter: tokens.colorNeutralBackground1Hover,
    white: tokens.colorNeutralBackground1,
    black: tokens.colorNeutralForeground1,
  });
  const semanticColors = present({
    link: tokens.colorBrandForegroundLink,
    linkHovered: tokens.colorBrandForegroundLinkHover,
    primaryButtonText: tokens.colorNeutralForegroundOnBrand,
    primaryButtonTextHovered: tokens.colorNeutralForegroundOnBrand,
    primaryButtonTextPressed: tokens.colorNeutralForegroundOnBrand,
    bodyDivider: tokens.colorNeutralStroke2,
  });
  return createTheme({ palette, semanticColors, isInverted: isDark, rtl: isRightToLeft });
};
