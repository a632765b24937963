import { type IPalette, type ITheme, createTheme } from '@fluentui/react';

/** Local fonts only: nothing is fetched. */
const fontFamily = "'Segoe UI Variable Text', 'Segoe UI', system-ui, -apple-system, Roboto, 'Helvetica Neue', sans-serif";

const light: Partial<IPalette> = {
  themePrimary: '#0f6cbd',
  themeLighterAlt: '#f5f9fd',
  themeLighter: '#d7e8f6',
  themeLight: '#b6d4ed',
  themeTertiary: '#71a9d8',
  themeSecondary: '#2c7dc7',
  themeDarkAlt: '#0e61aa',
  themeDark: '#0c528f',
  themeDarker: '#083c6a',
};

const dark: Partial<IPalette> = {
  themePrimary: '#62abf5',
  themeLighterAlt: '#0a1826',
  themeLighter: '#12283d',
  themeLight: '#1c3e5e',
  themeTertiary: '#3b73a8',
  themeSecondary: '#5498da',
  themeDarkAlt: '#74b5f6',
  themeDark: '#8bc2f8',
  themeDarker: '#abd3fa',
  neutralLighterAlt: '#262626',
  neutralLighter: '#2d2d2d',
  neutralLight: '#383838',
  neutralQuaternaryAlt: '#404040',
  neutralQuaternary: '#484848',
  neutralTertiaryAlt: '#666666',
  neutralTertiary: '#9e9e9e',
  neutralSecondaryAlt: '#b4b4b4',
  neutralSecondary: '#c8c8c8',
  neutralPrimaryAlt: '#e0e0e0',
  neutralPrimary: '#f3f3f3',
  neutralDark: '#fafafa',
  black: '#ffffff',
  white: '#1f1f1f',
  yellow: '#f2c661',
  // Behind a panel or dialog; Fluent's own would lighten a dark page.
  whiteTranslucent40: 'rgba(0, 0, 0, 0.5)',
};

export const createPanelTheme = (options: { readonly isDark: boolean; readonly isRightToLeft: boolean }): ITheme =>
  createTheme({
    palette: options.isDark ? dark : light,
    isInverted: options.isDark,
    rtl: options.isRightToLeft,
    defaultFontStyle: { fontFamily },
    // Fluent's own inverted colours for these are black on white or too faint for small text.
    ...(options.isDark ? { semanticColors: { errorText: '#f1a0a6', errorIcon: '#f1868e', successIcon: '#6ccb6c', link: '#7cb9f7' } } : {}),
  });

/** What our stylesheet needs of the theme, as CSS variables, so that there is one source of colours. */
export const cssVariablesOf = ({ palette, semanticColors }: ITheme): Readonly<Record<string, string>> => ({
  '--page': palette.neutralLighterAlt,
  '--surface': palette.white,
  '--surface-quiet': palette.neutralLighter,
  '--line': palette.neutralQuaternaryAlt,
  '--text': palette.neutralPrimary,
  '--text-quiet': palette.neutralSecondary,
  '--accent': palette.themePrimary,
  '--accent-quiet': palette.themeLighter,
  '--bad': semanticColors.errorIcon,
});
