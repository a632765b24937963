import * as React from 'react';

export interface NumberTableProps {
  /** Says what the table holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly { readonly key: string; readonly name: string; readonly isNumber?: boolean }[];
  readonly rows: readonly { readonly key: string; readonly cells: Readonly<Record<string, React.ReactNode>> }[];
}

/** A small table that does not sort; the first column names the row. Scrolls sideways, also by keyboard, where it does not fit. */
export const NumberTable: React.FunctionComponent<NumberTableProps> = ({ label, columns, rows }) => (
  <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns.map(({ key, name, isNumber }) => (
            <th key={key} scope="col" className={isNumber ? 'number' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            {columns.map(({ key, isNumber }, index) =>
              index === 0 ? (
                <th key={key} scope="row">
                  {row.cells[key]}
                </th>
              ) : (
                <td key={key} className={isNumber ? 'number' : undefined}>
                  {row.cells[key]}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
