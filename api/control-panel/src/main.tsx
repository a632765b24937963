import * as React from 'react';
import { render } from 'react-dom';
import { App } from './app/App.tsx';
import { registerFluentIcons } from './app/fluentIcons.tsx';
import './panel.css';

registerFluentIcons();
render(<App apiBaseUrl="" />, document.getElementById('root'));
