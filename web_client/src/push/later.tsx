/** What the homes fetch of notifications once they are drawn, with its words. */
import { lazy } from 'react';
import { i18n } from '../i18n';

export const PushLine = lazy(async () => {
  const [{ PushLine }] = await Promise.all([import('./PushLine'), i18n.loadNamespaces('push')]);
  return { default: PushLine };
});
