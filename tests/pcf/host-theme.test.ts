import { createTheme } from '@fluentui/react';
import { hostTheme } from '../../pcf-control/SourceCrmSync/services/hostTheme';

describe('hostTheme', () => {
  it('is Fluent’s own where the host gives no tokens', () => {
    expect(hostTheme({ isDark: false, isRightToLeft: false }).palette).toEqual(createTheme({}).palette);
  });

  it('takes the host’s colours, and Fluent’s where a token is missing', () => {
    const theme = hostTheme({
      tokenTheme: { colorBrandBackground: '#123456', colorNeutralBackground1: '#292929', fontWeightBold: 700 },
      isDark: true,
      isRightToLeft: false,
    });
    expect(theme.palette.themePrimary).toBe('#123456');
    expect(theme.semanticColors.bodyBackground).toBe('#292929');
    expect(theme.palette.orange).toBe(createTheme({}).palette.orange);
    expect(theme.isInverted).toBe(true);
  });

  it('knows the direction', () => {
    expect(hostTheme({ isDark: false, isRightToLeft: true }).rtl).toBe(true);
  });
});
