/** Where a screen could not be brought (no line, a new version of Genba) or drawn: a sentence and a way on, not a white page. */
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from './design/States';

interface Props {
  children: ReactNode;
  /** Somewhere else it is tried anew. */
  at: string;
}

export class NotBrought extends Component<Props> {
  override state = { failed: false };
  static getDerivedStateFromError = () => ({ failed: true });
  override componentDidUpdate({ at }: Props) {
    if (this.state.failed && at !== this.props.at) this.setState({ failed: false });
  }
  override render = () => (this.state.failed ? <Instead /> : this.props.children);
}

function Instead() {
  const { t } = useTranslation('app');
  // The page anew: what has failed once stays failed in it, and a new version has other names.
  return (
    <main>
      <Failed whole title={t('notBrought.title')} onRetry={() => window.location.reload()}>
        <p>{t('notBrought.text')}</p>
      </Failed>
    </main>
  );
}
