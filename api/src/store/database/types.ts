/** The only way to the database: PostgreSQL's dialect, `$1` parameters, the same text on a server and on the embedded one. */
export interface Sql {
  query<Row extends object>(
    text: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
}

export interface SqlDatabase extends Sql {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** e.g. `PostgreSQL 15.18` or `embedded PostgreSQL 18.6 in <folder>`. */
  describe(): string;
  close(): Promise<void>;
}
