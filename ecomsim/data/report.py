"""What an import did: read, mapped, ignored, refused, contradicted; as tables and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from ecomsim.checks import require_name
from ecomsim.chinese import in_chinese

__all__ = ["COLUMNS", "CONFLICTS", "FILES", "NOTES", "QUARANTINE", "ImportReport"]

FILES = ("file", "status", "source", "tables", "rows", "good", "first_day", "last_day", "why", "remedy")
COLUMNS = ("file", "header", "fate")
QUARANTINE = ("file", "row", "table", "column", "value", "reason", "remedy")
CONFLICTS = (
    *("table", "key", "column", "kept", "kept_file", "kept_row"),
    *("other", "other_file", "other_row"),
)
NOTES = ("file", "what", "rows", "first_row")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Import",
        "read": "{read} files read, {unchanged} unchanged, {refused} refused, {ignored} passed over",
        "rows": "{good:,} rows taken of {rows:,}; {bad:,} quarantined; {merged:,} repeated rows merged",
        "tables": "Tables",
        "table": "{name}: {rows:,} rows{span}",
        "refused": "Refused files",
        "quarantine": "Quarantined rows",
        "row": "row {row}",
        "two": "{file}: {why}. {remedy}",
        "bad": "{file}, {row}, {column} = {value}: {why}. {remedy}",
        "conflicts": "Contradictions between files (the file that ends later is kept)",
        "conflict": "{table} {key}, {column}: kept {kept} ({kept_file} row {kept_row}), "
        "not {other} ({other_file} row {other_row})",
        "personal": "Personal columns dropped at the door",
        "unknown": "Columns nobody knows (ignored)",
        "notes": "Notes",
        "more": "... and {more:,} more",
        "nothing": "Nothing was imported.",
        "in_rows": "{what} ({rows} rows, first {first})",
    },
    "zh": {
        "title": "导入",
        "read": "读取 {read} 个文件，未变 {unchanged} 个，拒绝 {refused} 个，跳过 {ignored} 个",
        "rows": "{rows:,} 行中采用 {good:,} 行；隔离 {bad:,} 行；合并重复 {merged:,} 行",
        "tables": "数据表",
        "table": "{name}：{rows:,} 行{span}",
        "refused": "被拒绝的文件",
        "quarantine": "被隔离的行",
        "row": "第 {row} 行",
        "two": "{file}：{why}。{remedy}",
        "bad": "{file}，{row}，{column} = {value}：{why}。{remedy}",
        "conflicts": "文件之间的矛盾（保留截止日期较晚的文件）",
        "conflict": "{table} {key}，{column}：保留 {kept}（{kept_file} 第 {kept_row} 行），"
        "不取 {other}（{other_file} 第 {other_row} 行）",
        "personal": "已丢弃的个人信息列",
        "unknown": "无人认识的列（忽略）",
        "notes": "说明",
        "more": "……另有 {more:,} 条",
        "nothing": "没有导入任何数据。",
        "in_rows": "{what}（{rows} 行，首行 {first}）",
    },
}


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True, eq=False)
class ImportReport:
    """What was read, mapped, ignored and refused.

    Attributes
    ----------
    files : one row a sheet: file, status (``read``, ``unchanged``, ``refused``, ``ignored``), source, tables,
        rows, good, first_day, last_day, why, remedy
    columns : one row a header: file, header, fate (``mapped``, ``ignored``, ``personal``, ``unknown``)
    quarantine : one row a bad row: file, row, table, column, value, reason, remedy
    conflicts : one row a contradicted cell, with both files and rows
    notes : what else should be known: file, what, number of rows, first row
    tables : table -> (rows, first day, last day) in the workbook after the import
    merged : rows that only repeated others
    proposals : mapping files proposed for files nobody knows
    """

    files: pd.DataFrame = field(default_factory=lambda: _empty(FILES))
    columns: pd.DataFrame = field(default_factory=lambda: _empty(COLUMNS))
    quarantine: pd.DataFrame = field(default_factory=lambda: _empty(QUARANTINE))
    conflicts: pd.DataFrame = field(default_factory=lambda: _empty(CONFLICTS))
    notes: pd.DataFrame = field(default_factory=lambda: _empty(NOTES))
    tables: Mapping[str, tuple[int, str, str]] = field(default_factory=lambda: MappingProxyType({}))
    merged: int = 0
    proposals: tuple[str, ...] = ()

    @property
    def refused(self) -> pd.DataFrame:
        """Files that were refused, with why and remedy."""
        return self.files[self.files["status"] == "refused"]

    @property
    def ok(self) -> bool:
        """Whether no file was refused, no row quarantined and nothing contradicted."""
        return not (len(self.refused) or len(self.quarantine) or len(self.conflicts))

    def text(self, language: str = "en", *, limit: int = 10) -> str:
        """Return the report as plain text.

        Parameters
        ----------
        language : ``en`` or ``zh``
        limit : lines shown of each list
        """
        words = _WORDS[require_name(language, list(_WORDS), "report", "language")]
        status = self.files["status"].value_counts()
        tally = {k: int(status.get(k, 0)) for k in ("read", "unchanged", "refused", "ignored")}
        lines = [f"{words['title']}: {words['read'].format(**tally)}"]
        rows, good = int(self.files["rows"].sum()), int(self.files["good"].sum())
        bad = len(self.quarantine.drop_duplicates(["file", "row"]))
        lines.append(words["rows"].format(rows=rows, good=good, bad=bad, merged=self.merged))
        if not self.tables:
            lines.append(words["nothing"])
        spans = [
            words["table"].format(name=n, rows=r, span=f", {a} – {b}" if a else "")
            for n, (r, a, b) in self.tables.items()
        ]
        told: Callable[[Any], str] = in_chinese if language == "zh" else str
        refused = [
            words["two"].format(file=f.file, why=told(f.why), remedy=told(f.remedy))
            for f in self.refused.itertuples()
        ]
        bad_rows = [
            words["bad"].format(
                file=q.file, row=words["row"].format(row=q.row), column=q.column, value=repr(q.value),
                why=told(q.reason), remedy=told(q.remedy),
            )
            for q in self.quarantine.head(limit).itertuples()
        ]  # fmt: skip
        conflicts = [words["conflict"].format(**c) for c in _records(self.conflicts.head(limit))]
        notes = _notes(self.notes, words, told)
        blocks = (
            ("tables", spans, len(spans), 99),
            ("refused", refused, len(refused), 50),
            ("quarantine", bad_rows, len(self.quarantine), limit),
            ("conflicts", conflicts, len(self.conflicts), limit),
            ("personal", self._headers("personal"), 0, limit),
            ("unknown", self._headers("unknown"), 0, limit),
            ("notes", notes, 0, 3 * limit),
        )
        for name, shown, count, most in blocks:
            if shown:
                lines += ["", f"{words[name]}:", *(f"  {line}" for line in shown[:most])]
                more = max(count, len(shown)) - min(len(shown), most)
                if more > 0:
                    lines.append(f"  {words['more'].format(more=more)}")
        return "\n".join(lines) + "\n"

    def _headers(self, fate: str) -> list[str]:
        picked = self.columns[self.columns["fate"] == fate]
        if not len(picked):
            return []
        by_source: dict[str, list[str]] = {}
        for file, headers in picked.groupby("file", sort=False)["header"]:
            by_source.setdefault(", ".join(headers), []).append(str(file))
        return [
            f"{files[0]}{f' (+{len(files) - 1})' if len(files) > 1 else ''}: {headers}"
            for headers, files in by_source.items()
        ]

    def __str__(self) -> str:
        return self.text()


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _notes(notes: pd.DataFrame, words: Mapping[str, str], told: Callable[[Any], str]) -> list[str]:
    """Return one line a note: those on whole tables first, then those on files, equal ones told once."""
    lines = [told(str(what)) for what in notes.loc[notes["file"] == "", "what"]]
    for what, group in notes[notes["file"] != ""].groupby("what", sort=False):
        first = group.iloc[0]
        text = told(str(what))
        if group["rows"].sum():
            text = words["in_rows"].format(what=text, rows=int(group["rows"].sum()), first=first["first_row"])
        more = f" (+{len(group) - 1})" if len(group) > 1 else ""
        lines.append(f"{first['file']}{more}: {text}")
    return lines
