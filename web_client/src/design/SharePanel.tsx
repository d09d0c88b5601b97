/**
 * A link to hand over: as a QR code to photograph, as text to copy, as an address to send. The QR code arrives
 * from the server as SVG and is shown as an image, so nothing in it can run.
 */
import { Check, Copy, Share2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';

export function QrCode({
  svg,
  label,
  size = 'normal',
}: {
  svg: string;
  label: string;
  size?: 'normal' | 'large';
}) {
  return (
    <img
      src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`}
      alt={label}
      className={`flex-none rounded-control border border-line bg-white p-2 ${size === 'large' ? 'size-60' : 'size-44'}`}
    />
  );
}

/** Copies text; false when the browser refuses, so that the page can say how else. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyButton({ text, label, done }: { text: string; label: string; done: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(text));
  return (
    <Button look="second" icon={copied ? Check : Copy} onClick={copy}>
      <span aria-live="polite">{copied ? done : label}</span>
    </Button>
  );
}

/** A line of text that can be selected with one press, for links and secrets. */
export function Clip({ label, text, spaced = false }: { label: string; text: string; spaced?: boolean }) {
  return (
    <div>
      <div className="text-14 text-ink-2">{label}</div>
      <code
        className={`mt-1 block select-all rounded-control border border-line bg-well px-3.5 py-2.5 font-mono text-16 leading-[1.5] break-all ${spaced ? 'tracking-[.06em]' : ''}`}
      >
        {text}
      </code>
    </div>
  );
}

export function SharePanel({
  url,
  qrSvg,
  title,
  label,
  children,
}: {
  url: string;
  qrSvg: string;
  title: string;
  /** What the link opens, where that is no call. */
  label?: string;
  children?: ReactNode;
}) {
  const { t } = useTranslation('app');
  const share =
    'share' in navigator ? () => void navigator.share({ title, url }).catch(() => undefined) : undefined;
  return (
    <div className="grid justify-items-center gap-4">
      <QrCode svg={qrSvg} label={label ?? t('share.qr')} size="large" />
      {children}
      <div className="w-full">
        <Clip label={label ?? t('share.link')} text={url} />
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <CopyButton text={url} label={t('share.copy')} done={t('share.copied')} />
        {share && (
          <Button look="second" icon={Share2} onClick={share}>
            {t('share.send')}
          </Button>
        )}
      </div>
    </div>
  );
}
