/** Every component in every state on one page: the reference when a screen and the guide disagree. */
import { useTranslation } from 'react-i18next';
import { InThePanel, OverTheStage } from './guide/call';
import { CaseParts } from './guide/cases';
import { Buttons, Choices, Inputs, Tags } from './guide/controls';
import { Colours, Icons, Shapes, TypeScale } from './guide/foundations';
import { Messages, Pending, Windows } from './guide/messages';
import { People, Sharing, Tables } from './guide/people';
import { ResidentParts } from './guide/resident';
import { WeakLineParts } from './guide/weak';
import { Starting, Tiles, Tools } from './guide/work';
import { TopBar } from './Header';
import { Title } from './Layout';
import { LanguageControl, TextSizeControl } from './SegmentedControl';
import './webfont';

export function DesignRoute() {
  const { t } = useTranslation('design');
  return (
    <div className="min-h-dvh bg-surface">
      <TopBar>
        <LanguageControl easy short />
      </TopBar>
      <main id="main" className="mx-auto max-w-[1366px] px-5 pt-6 pb-16 tablet:px-12 tablet:pt-9">
        <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4 border-b-2 border-ink pb-5">
          <Title lead={t('lead')}>{t('title')}</Title>
          <TextSizeControl />
        </div>
        <div className="grid gap-x-7 gap-y-9 pt-7 desk:grid-cols-12">
          <Colours />
          <TypeScale />
          <Buttons />
          <Tags />
          <Inputs />
          <Messages />
          <People />
          <Choices />
          <Pending />
          <Windows />
          <Tiles />
          <Tools />
          <OverTheStage />
          <InThePanel />
          <WeakLineParts />
          <ResidentParts />
          <Starting />
          <Tables />
          <CaseParts />
          <Sharing />
          <Icons />
          <Shapes />
        </div>
      </main>
    </div>
  );
}
