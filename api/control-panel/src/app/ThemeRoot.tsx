import { ThemeProvider } from '@fluentui/react';
import * as React from 'react';
import { words } from '../words/index.ts';
import { createPanelTheme, cssVariablesOf } from './theme.ts';

const darkQuery = '(prefers-color-scheme: dark)';

const usePrefersDark = (): boolean => {
  const [isDark, setIsDark] = React.useState(() => window.matchMedia(darkQuery).matches);
  React.useEffect(() => {
    const query = window.matchMedia(darkQuery);
    const follow = () => setIsDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isDark;
};

/** The reader's light or dark theme, for Fluent and for our own stylesheet. */
export const ThemeRoot: React.FunctionComponent = ({ children }) => {
  const isDark = usePrefersDark();
  // A page that is right-to-left already (a test, a host) stays so, whatever the language.
  const isRightToLeft = document.documentElement.dir === 'rtl' || words.direction === 'rtl';
  const theme = React.useMemo(() => createPanelTheme({ isDark, isRightToLeft }), [isDark, isRightToLeft]);
  React.useLayoutEffect(() => {
    const page = document.documentElement;
    page.lang = words.language;
    page.dir = isRightToLeft ? 'rtl' : 'ltr';
    for (const [name, value] of Object.entries(cssVariablesOf(theme))) page.style.setProperty(name, value);
  }, [theme, isRightToLeft]);
  return (
    <ThemeProvider applyTo="body" theme={theme}>
      {children}
    </ThemeProvider>
  );
};
