import '#web/app/base.css';
import { render } from 'solid-js/web';
import { ensureTemporal } from '#web/app/time/temporal.ts';
import { ConsoleApp } from './console-app.tsx';

void ensureTemporal();

const root = document.getElementById('app');
if (root !== null) render(() => <ConsoleApp />, root);
