import type { ITheme } from '@fluentui/react';

/** How a state feels: good = all is well, attention = someone should look, bad = it failed, busy = it is under way, neutral = nothing to say. */
export type Tone = 'good' | 'attention' | 'bad' | 'busy' | 'neutral';

/** The theme's colour for a tone; each has at least 3:1 against the theme's page, light or dark. */
export const toneColor = (theme: ITheme, tone: Tone): string => {
  const { semanticColors, palette } = theme;
  switch (tone) {
    case 'good':
      return semanticColors.successIcon;
    case 'attention':
      return theme.isInverted ? palette.yellow : palette.orange;
    case 'bad':
      return semanticColors.errorIcon;
    case 'busy':
      return semanticColors.link;
    case 'neutral':
      return palette.neutralSecondary;
  }
};
