"""The workbook: canonical tables in generations, and scenarios, results, mappings and reports beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from ecomsim.checks import EcomsimError, require_name
from ecomsim.data.mapping import ColumnMap, read_mapping
from ecomsim.data.merge import ORIGIN, settle
from ecomsim.data.report import ImportReport
from ecomsim.data.source import Piece
from ecomsim.data.tables import TABLES
from ecomsim.data.validate import check
from ecomsim.workbook.disk import advance, current, lock, replace_text
from ecomsim.workbook.frames import FILE_COLUMNS, bare, read_frame, span, write_frame
from ecomsim.workbook.names import child
from ecomsim.workbook.reports import load_report, save_report

__all__ = ["GIVEN", "Workbook"]

GIVEN = "given"
"""Name of the format of tables that came through `Workbook.commit`."""

_MARK = "ecomsim-workbook.txt"
_ABOUT = "An ecomsim workbook, format 1. Tables are in generations/, the current one is named in `current`.\n"
_FILES = "files.parquet"


class Workbook:
    """A planner's folder.

    Parameters
    ----------
    path : the folder; made on the first write

    Raises
    ------
    EcomsimError
        When `path` is a file, or a folder that holds something else.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> book = Workbook(tempfile.mkdtemp())
    >>> day = pd.DataFrame({"date": pd.to_datetime(["2026-11-01"]), "visitors": [100.0]})
    >>> book.commit({"store_day": day})
    >>> book.query("select sum(visitors) as visitors from store_day").to_dict("records")
    [{'visitors': 100.0}]
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.exists():
            strange = not self.path.is_dir() or (
                not (self.path / _MARK).is_file() and any(p.name != ".lock" for p in self.path.iterdir())
            )
            if strange:
                allowed = "a workbook, an empty folder or a new one"
                raise EcomsimError(str(path), "not a workbook", allowed, "Choose another folder")

    def __repr__(self) -> str:
        return f"Workbook({str(self.path)!r}, tables={self.names()})"

    @property
    def exists(self) -> bool:
        """Whether anything was ever written to it."""
        return (self.path / _MARK).is_file()

    # -- tables ---------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Return the names of the tables it holds."""
        generation = current(self.path)
        return [n for n in TABLES if generation is not None and (generation / f"data/{n}.parquet").is_file()]

    def read(self, name: str) -> pd.DataFrame:
        """Return one canonical table, with all its columns; empty if nothing fed it yet."""
        require_name(name, list(TABLES), "workbook", "table")
        generation = current(self.path)
        path = None if generation is None else generation / f"data/{name}.parquet"
        if path is None or not path.is_file():
            return bare(settle(TABLES[name], [pd.DataFrame()]).frame, name)
        return read_frame(path)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables it holds by name, all of one generation."""
        generation = current(self.path)
        if generation is None:
            return {}
        paths = {n: generation / f"data/{n}.parquet" for n in TABLES}
        return {n: read_frame(p) for n, p in paths.items() if p.is_file()}

    def spans(self) -> dict[str, tuple[int, str, str]]:
        """Return rows, first and last day of every table, without reading them."""
        generation = current(self.path)
        return {n: span(generation / f"data/{n}.parquet") for n in self.names() if generation is not None}

    def commit(self, tables: Mapping[str, pd.DataFrame], report: ImportReport | None = None) -> None:
        """Replace whole tables by typed frames, all or none.

        Raises
        ------
        EcomsimError
            At the first row that breaks the table's rules; nothing is written then.
        """
        parts: dict[tuple[str, str], pd.DataFrame] = {}
        ready: dict[str, pd.DataFrame] = {}
        for name, frame in tables.items():
            rows = pd.RangeIndex(1, len(frame) + 1).to_numpy()
            checked = check(Piece(name, frame.reset_index(drop=True), rows), f"table {name}")
            for fault in checked.faults[:1]:
                where = f"table {name}, row {fault.row}, {fault.column}"
                raise EcomsimError(where, repr(fault.value), "", f"{fault.reason}. {fault.remedy}")
            done = settle(TABLES[name], [checked.frame.assign(_file=0, _row=checked.rows)])
            for clash in done.differences.head(1).itertuples():
                where = f"table {name}, {clash.key}, {clash.column}"
                given = f"{clash.other} in row {clash.other_row} and {clash.kept} in row {clash.kept_row}"
                raise EcomsimError(where, given, "one row a key", "Drop one of the rows")
            parts[(name, GIVEN)] = done.frame
            ready[name] = done.frame
        with self.writing():
            self._advance(ready, parts, self.files(), report, replaced=set(tables))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workbook against other writers."""
        with lock(self.path):
            if not self.exists:
                replace_text(self.path / _MARK, _ABOUT)
            yield

    def _advance(
        self,
        tables: Mapping[str, pd.DataFrame],
        parts: Mapping[tuple[str, str], pd.DataFrame],
        files: pd.DataFrame,
        report: ImportReport | None,
        *,
        replaced: set[str] | None = None,
    ) -> None:
        """Write a generation, under the lock; all parts of `replaced` tables give way to the new ones."""

        def write(fresh: Path) -> None:
            for folder in ("data", "parts", "report"):
                (fresh / folder).mkdir(exist_ok=True)
            for name, frame in tables.items():
                write_frame(bare(frame, name), fresh / f"data/{name}.parquet")
            for (name, source), frame in parts.items():
                write_frame(frame, fresh / f"parts/{name}@{source}.parquet")
            write_frame(files, fresh / _FILES)
            if report is not None:
                save_report(report, fresh / "report")

        stale = (
            {f"data/{n}.parquet" for n in tables} | {f"parts/{n}@{s}.parquet" for n, s in parts} | {_FILES}
        )

        def drop(name: str) -> bool:
            table = name.removeprefix("parts/").split("@")[0]
            given_up = name.startswith("parts/") and table in (replaced or set())
            return name in stale or given_up or (report is not None and name.startswith("report/"))

        generation = advance(self.path, write, drop=drop)
        if report is not None:
            text = report.text()
            replace_text(self.path / "reports" / f"import-{generation.name}.txt", text)

    # -- provenance -----------------------------------------------------------------------------------------

    def files(self) -> pd.DataFrame:
        """Return every imported sheet with its number, content hash, format, rows and days."""
        generation = current(self.path)
        path = None if generation is None else generation / _FILES
        if path is None or not path.is_file():
            return pd.DataFrame(columns=list(FILE_COLUMNS)).astype(dict(FILE_COLUMNS))
        return read_frame(path)

    def parts(self, table: str) -> dict[str, pd.DataFrame]:
        """Return what each format says about a table, with ``_file`` and ``_row`` of every row."""
        generation = current(self.path)
        if generation is None:
            return {}
        found = sorted((generation / "parts").glob(f"{table}@*.parquet"))
        return {p.stem.split("@", 1)[1]: read_frame(p) for p in found}

    def provenance(self, table: str) -> pd.DataFrame:
        """Return which file gave which days of a table: file, source, rows, first_day, last_day."""
        require_name(table, list(TABLES), "workbook", "table")
        labels = self.files().set_index("id")["file"]
        found = []
        for source, part in self.parts(table).items():
            day = part["date"] if "date" in part else pd.Series(pd.NaT, index=part.index)
            grouped = day.groupby(part[ORIGIN[0]])
            rows = pd.DataFrame(
                {"rows": grouped.size(), "first_day": grouped.min(), "last_day": grouped.max()}
            )
            rows.insert(0, "source", source)
            rows.insert(0, "file", labels.reindex(rows.index).fillna("(given)").to_numpy())
            found.append(rows)
        columns = ["file", "source", "rows", "first_day", "last_day"]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)

    def report(self) -> ImportReport:
        """Return the report of the last import."""
        generation = current(self.path)
        return ImportReport() if generation is None else load_report(generation / "report")

    def query(self, sql: str) -> pd.DataFrame:
        """Return the result of SQL over the tables (DuckDB); it can read nothing else.

        Raises
        ------
        EcomsimError
            With DuckDB's words, when the statement is wrong.
        """
        import duckdb

        generation = current(self.path)
        with duckdb.connect() as base:
            if generation is not None:
                home = str((generation / "data").resolve()).replace("'", "''")
                base.execute(f"set allowed_directories = ['{home}']")
                for name in self.names():
                    base.execute(f"create view {name} as from read_parquet('{home}/{name}.parquet')")
            base.execute("set enable_external_access = false")
            try:
                return base.execute(sql).df()
            except duckdb.Error as error:
                known = ", ".join(self.names()) or "(no tables yet)"
                first = str(error).split("\n", 1)[0]
                raise EcomsimError("query", first, f"SQL over {known}", "Correct the statement") from error

    # -- scenarios, results, mappings -----------------------------------------------------------------------

    def scenarios(self) -> list[str]:
        """Return the names of the kept scenarios."""
        return sorted(p.stem for p in (self.path / "scenarios").glob("*.yaml"))

    def save_scenario(self, name: str, text: str) -> Path:
        """Keep a scenario's YAML under a plain name."""
        path = child(self.path / "scenarios", name, ".yaml", "scenario")
        with self.writing():
            replace_text(path, text)
        return path

    def load_scenario(self, name: str) -> str:
        """Return a kept scenario's YAML."""
        path = child(self.path / "scenarios", name, ".yaml", "scenario")
        require_name(name, self.scenarios(), str(self.path), "scenario")
        return path.read_text(encoding="utf-8")

    @property
    def results(self) -> Path:
        """Folder for studies and reports on them."""
        folder = self.path / "results"
        if self.exists:
            folder.mkdir(exist_ok=True)
        return folder

    def result(self, name: str, ending: str = "") -> Path:
        """Return the path of a named result below `results`."""
        return child(self.results, name, ending, "result")

    def mappings(self) -> dict[str, ColumnMap]:
        """Return the kept mappings by name, confirmed or not."""
        found = sorted((self.path / "mapping").glob("*.yaml"))
        return {p.stem: read_mapping(p) for p in found}

    def save_mapping(self, mapping: ColumnMap) -> Path:
        """Keep a mapping; its name is the file's."""
        path = child(self.path / "mapping", mapping.name, ".yaml", "mapping")
        replace_text(path, mapping.text())
        return path

    def confirm(self, name: str) -> ColumnMap:
        """Confirm a proposed mapping as it stands in its file; the next import uses it."""
        known = self.mappings()
        mapping = known[require_name(name, list(known), str(self.path / "mapping"), "mapping")].confirm()
        with self.writing():
            self.save_mapping(mapping)
        return mapping
