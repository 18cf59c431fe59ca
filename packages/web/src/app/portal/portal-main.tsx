import '#web/app/base.css';
import { render } from 'solid-js/web';
import { ensureTemporal } from '#web/app/time/temporal.ts';
import { guessLanguage, showLanguage } from '#web/language/language.ts';
import { PortalApp } from './portal-app.tsx';

void ensureTemporal();

const root = document.getElementById('app');
// Words that cannot be fetched are no reason to show nothing: English is here.
await showLanguage(guessLanguage()).catch(() => {});
if (root !== null) render(() => <PortalApp />, root);
