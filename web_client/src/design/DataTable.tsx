/** Rows and columns on desks; on phones each row becomes a small card with the column names beside the values. */
import type { ReactNode } from 'react';
import { classes } from './classes';

export interface Column<R> {
  key: string;
  label: string;
  cell: (row: R) => ReactNode;
  /** Leads the card on phones, without its label. */
  lead?: boolean;
  figures?: boolean;
  /** Column name for those who hear it only (buttons). */
  labelHidden?: boolean;
}

export function DataTable<R>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
}) {
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      <table className="block w-full border-collapse text-14 desk:table">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only desk:not-sr-only desk:table-header-group">
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className="border-b border-line px-3 py-2.5 text-left text-14 font-medium whitespace-nowrap text-ink-2 first:pl-5 last:pr-5"
              >
                {column.labelHidden ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="block desk:table-row-group">
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className="block border-t border-line-soft px-5 py-3 first:border-t-0 desk:table-row desk:p-0"
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={classes(
                    'py-1 align-middle desk:table-cell desk:border-b desk:border-line-soft desk:px-3 desk:py-2 desk:first:pl-5 desk:last:pr-5',
                    column.lead || column.labelHidden
                      ? 'block'
                      : 'grid grid-cols-[6.5em_1fr] items-baseline gap-3',
                    column.figures && 'figures',
                  )}
                >
                  {!column.lead && !column.labelHidden && (
                    <span aria-hidden="true" className="text-14 text-ink-2 desk:hidden">
                      {column.label}
                    </span>
                  )}
                  <div className="min-w-0">{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A person in a table cell: portrait, name, post. */
export function PersonCell({ portrait, name, note }: { portrait: ReactNode; name: string; note: string }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {portrait}
      <span className="min-w-0 text-16 leading-[1.4]">
        <b>{name}</b> <span className="text-14 text-ink-2">{note}</span>
      </span>
    </span>
  );
}
