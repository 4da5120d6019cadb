"""Finding and unpacking inputs: files, folders and archives, as bytes with a label. Nothing goes to disk."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ecomsim.checks import EcomsimError

__all__ = ["LIMITS", "Blob", "FileError", "Limits", "find_inputs", "unpack"]

_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".zip"})
_READABLE = ".csv, .tsv, .txt, .xlsx, .xls, or a .zip of these"


class FileError(EcomsimError):
    """A file that cannot be read at all; the others go on."""


@dataclass(frozen=True)
class Limits:
    """What one input may hold at most, so that a small archive cannot fill the memory.

    Attributes
    ----------
    file_bytes : of one file, unpacked
    archive_bytes : of all files in one archive, unpacked
    members : files in one archive
    """

    file_bytes: int = 512 * 2**20
    archive_bytes: int = 1024 * 2**20
    members: int = 2_000


LIMITS = Limits()


@dataclass(frozen=True)
class Blob:
    """The bytes of one file.

    Attributes
    ----------
    label : path below the imported folder; a member of an archive as ``archive.zip/member.csv``
    data : its content
    modified : when it was last written, local time
    """

    label: str
    data: bytes
    modified: dt.datetime

    @property
    def digest(self) -> str:
        """Return the content's SHA-256 in hex."""
        return hashlib.sha256(self.data).hexdigest()


def find_inputs(where: str | Path | Sequence[str | Path]) -> list[tuple[str, Path]]:
    """Return (label, path) of every file of a folder (with its subfolders), a file, or a list of these.

    Raises
    ------
    EcomsimError
        When a path does not exist.
    """
    roots = [where] if isinstance(where, (str, Path)) else list(where)
    found: dict[Path, str] = {}
    for root in map(Path, roots):
        if root.is_dir():
            for path in sorted(root.rglob("*")):
                parts = path.relative_to(root).parts
                if path.is_file() and not any(p.startswith((".", "~$")) or p == "__MACOSX" for p in parts):
                    found.setdefault(path.resolve(), "/".join(parts))
        elif root.is_file():
            found.setdefault(root.resolve(), root.name)
        else:
            raise EcomsimError(str(root), "no such file or folder", _READABLE, "Check the path")
    return [(label, path) for path, label in found.items()]


def is_table_name(label: str) -> bool:
    """Whether a name ends like a file that may hold a table."""
    return PurePosixPath(label).suffix.casefold() in _ENDINGS


def unpack(label: str, path: Path, limits: Limits = LIMITS) -> Iterator[Blob | FileError]:
    """Yield the file, or each member of the archive it is; what cannot be read comes as its error."""
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            yield FileError(
                label, f"{size / 2**20:.0f} MB", f"at most {limits.file_bytes / 2**20:.0f} MB", "Split it"
            )
            return
        blob = Blob(label, path.read_bytes(), dt.datetime.fromtimestamp(path.stat().st_mtime))
    except (OSError, OverflowError, ValueError) as error:
        yield FileError(label, f"not readable: {error}", _READABLE, "Check the file and its permissions")
        return
    if blob.data[:4] == b"PK\x03\x04" and not is_workbook(blob.data):
        yield from _members(blob, limits)
    else:
        yield blob


def is_workbook(data: bytes) -> bool:
    """Whether zipped bytes are an .xlsx: by content, names lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, UnicodeDecodeError):
        return False


def _members(blob: Blob, limits: Limits) -> Iterator[Blob | FileError]:
    try:
        archive = _open(blob.data)
        infos = [i for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, UnicodeDecodeError):
        yield FileError(blob.label, "not a whole archive", _READABLE, "Download it again")
        return
    total = sum(i.file_size for i in infos)
    if len(infos) > limits.members or total > limits.archive_bytes:
        given = f"an archive of {len(infos)} files and {total / 2**20:.0f} MB unpacked"
        allowed = f"{limits.members} files, {limits.archive_bytes / 2**20:.0f} MB"
        yield FileError(blob.label, given, allowed, "Unpack it and import the parts you need")
        return
    for info in infos:
        # Only the label is made of the member's name, nothing is ever written there: `..` does no harm.
        name = "/".join(
            p for p in PurePosixPath(info.filename.replace("\\", "/")).parts if p not in {"..", "/"}
        )
        label = f"{blob.label}/{name}"
        if name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$")):
            continue
        if info.flag_bits & 1:
            yield FileError(label, "a member protected by a password", _READABLE, "Unpack the archive first")
        elif info.file_size > limits.file_bytes:
            yield FileError(label, f"{info.file_size / 2**20:.0f} MB unpacked", _READABLE, "Split it")
        else:
            yield _read(archive, info, label, blob.modified)


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        # Chinese Windows writes names in GBK without saying so.
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(io.BytesIO(data))


def _read(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, modified: dt.datetime
) -> Blob | FileError:
    try:
        data = archive.read(info)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as e:
        return FileError(label, f"not readable in its archive ({e})", _READABLE, "Download the archive again")
    except Exception as error:  # lzma and bz2 raise types of their own
        return FileError(label, f"not readable in its archive ({error})", _READABLE, "Download it again")
    if data[:4] == b"PK\x03\x04" and not is_workbook(data):
        return FileError(label, "an archive within an archive", _READABLE, "Unpack the outer one first")
    with contextlib.suppress(ValueError):  # archives hold impossible times; the archive's own stands in
        modified = dt.datetime(*info.date_time)
    return Blob(label, data, modified)
