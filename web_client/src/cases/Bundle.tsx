/** All of a case as one file (案件一式), by a fresh code: read offline, checked by `genba verify`. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { FolderDown, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, urlOf } from '../api';
import {
  Button,
  Check,
  Dialog,
  ErrorNotice,
  LinkButton,
  Notice,
  OTP_LENGTH,
  OtpField,
  Stack,
  Words,
} from '../design';

/** Hours of recorded calls are copied before the answer comes. */
const MAKING_MS = 30 * 60_000;

export function Bundle({ case_id }: { case_id: string }) {
  const { t } = useTranslation(['cases', 'app']);
  const [isOpen, setOpen] = useState(false);
  const [code, setCode] = useState('');
  const [wantsMedia, setWantsMedia] = useState(true);
  const outline = useQuery({
    queryKey: ['case', case_id, 'bundle'],
    queryFn: () => get('/cases/{case_id}/bundle', { path: { case_id } }),
    enabled: isOpen,
    staleTime: 0,
  }).data;
  const make = useMutation({
    mutationFn: () =>
      post('/cases/{case_id}/bundle', {
        path: { case_id },
        body: { code, with_media: wantsMedia },
        within_ms: MAKING_MS,
      }),
    onSettled: () => setCode(''),
  });
  const close = () => {
    setOpen(false);
    if (!make.isPending) make.reset(); // what is being made is there when one comes back
  };
  const made = make.data;
  return (
    <>
      <Button look={made && !isOpen ? 'second' : 'plain'} icon={FolderDown} onClick={() => setOpen(true)}>
        {t(
          isOpen
            ? 'bundle.open'
            : make.isPending
              ? 'bundle.still_making'
              : made
                ? 'bundle.is_made'
                : 'bundle.open',
        )}
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title={t('bundle.open')}
        actions={
          <>
            {made ? (
              <LinkButton
                icon={FolderDown}
                href={urlOf('/bundles/{bundle_id}', { path: { bundle_id: made.id } })}
                download={made.name}
              >
                {t('bundle.save')}
              </LinkButton>
            ) : (
              <Button
                busy={make.isPending}
                busyLabel={t('bundle.making')}
                disabled={code.length < OTP_LENGTH}
                onClick={() => make.mutate()}
              >
                {t('bundle.make')}
              </Button>
            )}
            <Button look="plain" onClick={close}>
              {t(made || make.isPending ? 'app:close' : 'app:cancel')}
            </Button>
          </>
        }
      >
        <Stack gap={3}>
          {made ? (
            <Notice look="ok" title={t('bundle.ready')} live>
              {t('bundle.size', { name: made.name, mb: mb(made.size_bytes) })}
            </Notice>
          ) : make.isPending ? (
            <Notice look="info" icon={Hourglass} title={t('bundle.making')} live>
              {t('bundle.meanwhile')}
            </Notice>
          ) : (
            <>
              <Words>{t('bundle.text')}</Words>
              {outline && outline.recordings > 0 && (
                <Check
                  label={t('bundle.media', { count: outline.recordings, mb: mb(outline.media_bytes) })}
                  checked={wantsMedia}
                  onChange={(event) => setWantsMedia(event.target.checked)}
                />
              )}
              {outline?.is_running && <Words>{t('bundle.running')}</Words>}
              {outline && (
                <Words>
                  {t('bundle.about', {
                    mb: mb(outline.size_bytes + (wantsMedia ? outline.media_bytes : 0)),
                  })}
                </Words>
              )}
              <OtpField compact label={t('bundle.code')} value={code} onChange={setCode} />
            </>
          )}
          {make.error && <ErrorNotice title={t('bundle.failed')} error={make.error} />}
        </Stack>
      </Dialog>
    </>
  );
}

/** Megabytes, never none. */
function mb(bytes: number): string {
  return Math.max(0.1, bytes / 1e6).toFixed(1);
}
