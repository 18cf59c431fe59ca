import '#web/app/base.css';
import { render } from 'solid-js/web';
import { ensureTemporal } from '#web/app/time/temporal.ts';
import { PortalApp } from './portal-app.tsx';

void ensureTemporal();

const root = document.getElementById('app');
if (root !== null) render(() => <PortalApp />, root);
