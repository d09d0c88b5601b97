/** Starts the client: words first, then the page for the address. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { ToastProvider } from './design/Toast';
import { startWords } from './i18n';
import { PreferencesProvider, startingLanguage } from './preferences';
import { firstScreen, Screens } from './routes';
import './design/design.css';

async function start(root: HTMLElement): Promise<void> {
  const first = firstScreen(window.location.pathname);
  await Promise.all([startWords(startingLanguage(), first.words), first.ready]);
  createRoot(root).render(
    <StrictMode>
      <PreferencesProvider>
        <ToastProvider>
          <BrowserRouter>
            <Screens />
          </BrowserRouter>
        </ToastProvider>
      </PreferencesProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
