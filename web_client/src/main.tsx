/** Starts the client: words first, then the page for the address. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { ApiError } from './api';
import { ToastProvider } from './design/Toast';
import { startWords } from './i18n';
import { PreferencesProvider, startingLanguage } from './preferences';
import { Screens } from './routes';
import './design/design.css';

const MAX_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always', // "offline" is a guess of the browser; a server on the same LAN may still answer
      retry: (failures, error) => failures < MAX_RETRIES && !(error instanceof ApiError && isFinal(error)),
    },
    mutations: { networkMode: 'always' },
  },
});

function isFinal(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500;
}

async function start(root: HTMLElement): Promise<void> {
  await startWords(startingLanguage());
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <PreferencesProvider>
          <ToastProvider>
            <BrowserRouter>
              <Screens />
            </BrowserRouter>
          </ToastProvider>
        </PreferencesProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
