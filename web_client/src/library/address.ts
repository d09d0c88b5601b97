/** What was looked for and what is open stands in the address, so that going back and passing it on keep it. */
import { useLocation, useNavigate } from 'react-router';
import type { Wanted } from './useLibrary';

/** A page that is open beside the results. */
export interface OpenPage {
  document: string;
  version: string;
  page: number;
}

type Listed = 'disclosure' | 'kind' | 'unit' | 'tag';
const LISTS: readonly Listed[] = ['disclosure', 'kind', 'unit', 'tag'];

export interface Library {
  wanted: Wanted;
  open: OpenPage | null;
  /** The call one came from, to show something there. */
  call: string;
  /** One came to add a document. */
  isAdding: boolean;
  want: (changes: Partial<Wanted>) => void;
  toggle: (facet: Listed, value: string) => void;
  show: (open: OpenPage | null) => void;
}

export function useLibraryAddress(): Library {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const at = new URLSearchParams(search);
  const wanted: Wanted = {
    q: at.get('q') ?? '',
    exact: at.has('exact'),
    audience: at.get('for') === 'guests' ? 'guests' : 'staff',
    disclosure: at.getAll('disclosure'),
    kind: at.getAll('kind'),
    unit: at.getAll('unit'),
    tag: at.getAll('tag'),
    case: at.get('case') ?? '',
    older: at.has('older'),
    withdrawn: at.has('withdrawn'),
  };
  const document = at.get('doc');
  const open = document
    ? { document, version: at.get('version') ?? '', page: Math.max(1, Number(at.get('page')) || 1) }
    : null;
  const call = at.get('call') ?? '';

  const go = (next: Wanted, page: OpenPage | null) => {
    const query = new URLSearchParams();
    if (next.q) query.set('q', next.q);
    if (next.audience === 'guests') query.set('for', 'guests');
    for (const list of LISTS) for (const value of next[list]) query.append(list, value);
    if (next.case) query.set('case', next.case);
    for (const flag of ['exact', 'older', 'withdrawn'] as const) if (next[flag]) query.set(flag, '1');
    if (call) query.set('call', call);
    if (page) {
      query.set('doc', page.document);
      if (page.version) query.set('version', page.version);
      query.set('page', String(page.page));
    }
    void navigate({ pathname, search: query.toString() }, { replace: true });
  };
  return {
    wanted,
    open,
    call,
    isAdding: at.has('add'),
    want: (changes) => go({ ...wanted, ...changes }, open),
    toggle: (facet, value) => {
      const chosen = wanted[facet];
      const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
      go({ ...wanted, [facet]: next }, open);
    },
    show: (page) => go(wanted, page),
  };
}
