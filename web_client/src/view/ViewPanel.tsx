/** Beside what is presented: who leads, who looks at which page, what is drawn on this one, and which version it is. */
import { Eye, Presentation } from 'lucide-react';
import { memo, useSyncExternalStore } from 'react';
import { timeOf } from '../clock';
import {
  Button,
  isRole,
  MarkLine,
  MarkLines,
  PanelBody,
  PanelSubhead,
  PeopleList,
  PersonRow,
  SurfaceBand,
  Tag,
} from '../design';
import { useWords } from '../words';
import { drawn } from './marks';
import { pageOf, subjectOf, surfaceOf } from './together';
import { Version } from './Version';
import type { View } from './View';

export const ViewPanel = memo(({ view }: { view: View }) => {
  const words = useWords('view');
  const together = useSyncExternalStore(view.together.subscribe, view.together.get);
  const everybody = useSyncExternalStore(view.looking.subscribe, view.looking.get);
  const surface = surfaceOf(together);
  const { shown, own } = together;
  if (shown === null) return null;
  const looking = everybody.filter((look) => subjectOf(look.surface) === subjectOf(shown.surface));
  const isLeading = shown.presenter === view.me.identity;
  return (
    <>
      <SurfaceBand
        icon={isLeading ? Presentation : Eye}
        tone="lead"
        action={
          isLeading ? undefined : own.at === 'follow' ? (
            <Button size="small" look="second" onClick={() => surface && void view.present(surface)}>
              {words.name('band.lead')}
            </Button>
          ) : (
            <Button size="small" look="second" onClick={view.follow}>
              {words.name('band.follow')}
            </Button>
          )
        }
      >
        {isLeading
          ? words.name('band.you_lead')
          : words.name('band.leads', { name: shown.presenter_name, page: pageOf(shown.surface) })}
      </SurfaceBand>
      <PanelBody>
        <PanelSubhead>{words.name('panel.looking', { count: looking.length })}</PanelSubhead>
        <PeopleList label={words.name('panel.looking', { count: looking.length })}>
          {looking.map((look) => (
            <PersonRow
              key={look.identity}
              name={look.name}
              role={isRole(look.role) ? look.role : 'partner'}
              lines={[]}
              action={
                <Tag look={look.surface === shown.surface ? 'info' : 'warn'}>
                  {words.name(look.identity === shown.presenter ? 'panel.leads' : 'panel.page', {
                    page: pageOf(look.surface),
                  })}
                </Tag>
              }
            />
          ))}
        </PeopleList>
        {surface && <MarksHere view={view} surface={surface} />}
        <Version shown={shown} />
      </PanelBody>
    </>
  );
});

function MarksHere({ view, surface }: { view: View; surface: string }) {
  const words = useWords('view');
  const marks = view.on(surface);
  const { marks: known, unsent } = useSyncExternalStore(marks.watch, marks.drawn.get);
  const here = drawn(known);
  return (
    <>
      <PanelSubhead>{words.name('panel.marks', { count: here.length })}</PanelSubhead>
      {unsent > 0 && <p>{words.name('panel.unsent', { count: unsent })}</p>}
      {here.length === 0 && <p>{words.name('panel.no_marks')}</p>}
      <MarkLines label={words.name('panel.marks', { count: here.length })}>
        {here.map((mark) => (
          <MarkLine
            key={`${mark.author} ${mark.id}`}
            role={isRole(mark.author_role) ? mark.author_role : 'partner'}
            title={mark.text || words.name(`mark.${mark.tool}`)}
            who={words.name('panel.by', {
              name: mark.author_name,
              time: mark.drawn_at.startsWith('9999') ? '' : timeOf(mark.drawn_at),
            })}
            note={mark.audience === 'all' ? undefined : words.name(`panel.${mark.audience}`)}
          />
        ))}
      </MarkLines>
    </>
  );
}
