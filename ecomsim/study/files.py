"""A study on disk: a folder of Parquet files (zstd, float32) for DuckDB, labels in their metadata."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError
from ecomsim.study.origin import Origin
from ecomsim.study.shapes import Arrays, dims_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from ecomsim.study.study import Study

__all__ = ["load", "query", "save"]

KEY = b"ecomsim.study"
FORMAT = 1
TABLES = {
    ("replication", "date"): "daily",
    ("replication", "channel"): "by_channel",
    ("date", "channel"): "by_channel_day",
    ("replication", "sku"): "by_sku",
    ("date", "sku"): "by_sku_day",
    ("date", "slot"): "by_slot",
}


def tables(study: Study) -> dict[str, pa.Table]:
    """Return the study as Arrow tables, one a pair of dimensions, with its origin in their metadata."""
    groups: dict[tuple[str, str], list[str]] = {}
    for variable in study.variables:
        groups.setdefault(dims_of(variable), []).append(variable)
    return {TABLES[dims]: _table(study, dims, names) for dims, names in groups.items()}


def _table(study: Study, dims: tuple[str, str], names: list[str]) -> pa.Table:
    import pyarrow as pa

    origin = study.origin
    labels: dict[str, Any] = {
        "replication": pa.array(range(origin.first, origin.first + origin.replications), pa.int32()),
        "date": pa.array(list(origin.dates), pa.date32()),
        "channel": pa.array(list(origin.channels), pa.string()),
        "sku": pa.array(list(origin.skus), pa.string()),
        "slot": pa.array(list(origin.slots), pa.string()),
    }
    one, two = (len(labels[d]) for d in dims)
    count = len(study.scenarios)
    columns: dict[str, Any] = {
        "scenario": pa.array(list(study.scenarios)).take(np.repeat(np.arange(count), one * two)),
        dims[0]: labels[dims[0]].take(np.tile(np.repeat(np.arange(one), two), count)),
        dims[1]: labels[dims[1]].take(np.tile(np.arange(two), one * count)),
    }
    for name in names:
        columns[name] = np.concatenate([study.arrays[s][name].ravel() for s in study.scenarios])
    meta = {**origin.plain(), "format": FORMAT, "dims": list(dims)}
    return pa.table(columns).replace_schema_metadata({KEY: json.dumps(meta, ensure_ascii=False)})


def save(study: Study, folder: str | os.PathLike[str]) -> Path:
    """Write the study to `folder`, replacing a study saved there before only when all of it is written.

    Raises
    ------
    EcomsimError
        If the path is a file, or a folder that holds something else.
    """
    import pyarrow.parquet as pq

    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise EcomsimError(str(target), "a file", "a folder, or a path that is free", "Choose another")
    if target.is_dir() and any(target.iterdir()) and not (target / "daily.parquet").is_file():
        raise EcomsimError(
            str(target), "a folder with other files", "an empty or new folder", "Choose another"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, table in tables(study).items():
            floats = [f.name for f in table.schema if f.type == "float"]
            labels = [f.name for f in table.schema if f.type != "float"]
            pq.write_table(
                table, fresh / f"{name}.parquet", compression="zstd", compression_level=5,
                use_dictionary=labels, use_byte_stream_split=floats,
            )  # fmt: skip
        fresh.chmod(0o755)
        if target.is_dir():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
            os.replace(target, old / "study")
            try:
                os.replace(fresh, target)
            except OSError:
                os.replace(old / "study", target)
                raise
            shutil.rmtree(old)
        else:
            os.replace(fresh, target)
    except OSError as error:
        raise EcomsimError(str(target), str(error.strerror or error), "a writable folder") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def load(folder: str | os.PathLike[str]) -> tuple[Origin, Arrays, Path]:
    """Return origin, arrays and folder of a saved study.

    Raises
    ------
    EcomsimError
        If the folder is not one, is of a later format, or a file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(folder)
    if not (path / "daily.parquet").is_file():
        raise EcomsimError(str(path), "no daily.parquet", "the folder of a saved study", "Check the path")
    arrays: dict[str, dict[str, NDArray[Any]]] = {}
    origin: Origin | None = None
    for name in TABLES.values():
        file = path / f"{name}.parquet"
        if not file.is_file():
            continue
        try:
            table = pq.read_table(file)
        except (pa.ArrowException, OSError) as error:
            raise EcomsimError(
                str(file), f"damaged: {str(error).splitlines()[0][:120]}", "Parquet", "Save it again"
            ) from None
        meta = _meta(table, str(file))
        here = Origin.read(meta, str(file))
        if origin is not None and here != origin:
            raise EcomsimError(str(file), "files of two studies", "one study a folder", "Save it again")
        origin = here
        _unpack(table, tuple(meta["dims"]), origin, arrays, str(file))
    assert origin is not None
    return origin, arrays, path


def _meta(table: pa.Table, where: str) -> dict[str, Any]:
    raw = (table.schema.metadata or {}).get(KEY)
    if raw is None:
        raise EcomsimError(where, "no study labels", "a Parquet file saved by ecomsim", "Save it again")
    meta: dict[str, Any] = json.loads(raw)
    if meta.get("format", 0) > FORMAT:
        raise EcomsimError(where, f"format {meta['format']}", f"format {FORMAT} or older", "Update ecomsim")
    return meta


def _unpack(
    table: pa.Table,
    dims: tuple[str, ...],
    origin: Origin,
    arrays: dict[str, dict[str, NDArray[Any]]],
    where: str,
) -> None:
    sizes = {
        "replication": origin.replications, "date": len(origin.dates), "channel": len(origin.channels),
        "sku": len(origin.skus), "slot": len(origin.slots),
    }  # fmt: skip
    shape = tuple(sizes[d] for d in dims)
    if table.num_rows != len(origin.scenarios) * shape[0] * shape[1]:
        raise EcomsimError(where, f"{table.num_rows:,} rows", "every scenario, complete", "Save it again")
    for name in table.column_names[3:]:
        stacked = table[name].to_numpy().reshape(len(origin.scenarios), *shape)
        for scenario, values in zip(origin.scenarios, stacked, strict=True):
            arrays.setdefault(scenario, {})[name] = values


def query(study: Study, sql: str) -> pd.DataFrame:
    """Answer `sql` over the study's tables; nothing else on the machine can be read or written from it.

    Raises
    ------
    EcomsimError
        With DuckDB's explanation and the tables there are.
    """
    import duckdb

    found: dict[str, Any] = {}
    with duckdb.connect() as connection:
        if study.folder is None:
            found = dict(tables(study))
            for name, table in found.items():
                connection.register(name, table)
        else:
            for name in TABLES.values():
                file = study.folder / f"{name}.parquet"
                if file.is_file():
                    found[name] = file
                    quoted = str(file.resolve()).replace("'", "''")
                    connection.execute(f"create view {name} as select * from read_parquet('{quoted}')")
            folder = str(study.folder.resolve()).replace("'", "''")
            connection.execute(f"set allowed_directories=['{folder}']")
        connection.execute("set enable_external_access=false")
        connection.execute("set lock_configuration=true")
        try:
            answer: pd.DataFrame = connection.execute(sql).df()
        except duckdb.Error as error:
            problem = " ".join(str(error).split())[:300]
            raise EcomsimError("Study.query", problem, f"SQL over {', '.join(found)}") from None
        return answer
