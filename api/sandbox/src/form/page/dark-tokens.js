/** Fluent 9's dark theme, as far as a card shows it (@fluentui/tokens, webDarkTheme). */
export const darkTokens = {
  colorNeutralForeground1: '#ffffff',
  colorNeutralForeground2: '#d6d6d6',
  colorNeutralForegroundDisabled: '#5c5c5c',
  colorNeutralForegroundOnBrand: '#ffffff',
  colorNeutralBackground1: '#292929',
  colorNeutralBackground1Hover: '#3d3d3d',
  colorNeutralBackground1Pressed: '#1f1f1f',
  colorNeutralStroke1: '#666666',
  colorNeutralStroke2: '#525252',
  colorBrandBackground: '#115ea3',
  colorBrandBackgroundHover: '#0f6cbd',
  colorBrandBackgroundPressed: '#0c3b5e',
  colorBrandForegroundLink: '#479ef5',
  colorBrandForegroundLinkHover: '#62abf5',
  colorBrandForegroundLinkPressed: '#2886de',
};
