"""What a folder of published files holds: each file is recognised, or named with the reason.

A folder is searched through and through, archives included. Every document ends up as one of

- *recognised*: a layout of the catalog claims it, and says which days it speaks for;
- *known, not loaded*: a companion of published files (a PDF, a list of changes, an index);
- *unrecognised*: no layout claims it;
- *damaged*: it cannot be read, or is not what it says.

Beside a file ``X`` there may be ``X.source.json``, as ``superbill data download`` writes it: where
and when the file was fetched, and, for a file whose name does not say it, the days.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from superbill.errors import BadRow
from superbill.model.base import Value
from superbill.sources.document import Document, Doubtful, Layout, Period, Undated
from superbill.sources.parts import MARKERS, Parted
from superbill.store.catalog import Dataset
from superbill.store.release import days

READ_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    csv.Error,
)
"""What reading a damaged file or archive raises."""

SIDECAR = ".source.json"

_MAX_MEMBERS = 5_000
_MAX_UNPACKED = 4 * 1024**3
_MAX_NESTED = 256 * 1024**2
# Fixed-width tables shrink to a tenth, the worst of published files to a fiftieth.
_MAX_RATIO = 400
_RATIO_MATTERS_FROM = 64 * 1024**2

_NOT_OURS = re.compile(r"^(\..*|~\$.*|Thumbs\.db|desktop\.ini|__MACOSX)$", re.IGNORECASE)

_COMPANIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"\.pdf$", "a document for people to read"),
        (r"\.xsd$", "an XML schema"),
        (r"order.*addend.*\.txt$", "changes to an order file, read only to date it"),
        (r"(codes?|addend).*addend.*\.txt$", "changes to a code list"),
        (r"POAexempt(Add|Delete|Revise).*\.(txt|xlsx)$", "changes to the POA-exempt list"),
        (r"^POAexempt.*\.xlsx$", "the POA-exempt list as a workbook; the text file is loaded"),
        (r"^readme.*\.(txt|md)$", "a description of other files"),
        (r"conversion.*table.*\.(xlsx|txt|zip)$", "the ICD-10-CM conversion table"),
        (r"icd.?10c?m?.*(eindex|index).*\.xml$", "an index to ICD-10-CM"),
        (r"icd.?10c?m?.*(drug|neoplasm).*\.xml$", "a table of drugs or neoplasms of ICD-10-CM"),
        (r"icd.?10pcs.*(tables|index|definitions).*\.xml$", "tables, index or definitions of PCS"),
        (r"guidelines.*\.pdf$", "coding guidelines"),
        (r"standin.*\.csv$", "figures that stand in for published ones, for tests only"),
        (r"\.jsonl(\.gz)?$", "records (JSON Lines), not a published table"),
        (r"^fields\.csv$", "a description of the fields of other files"),
    )
)


class Sidecar(Value, frozen=True, kw_only=True):
    """What ``X.source.json`` may say of the file ``X``."""

    address: str = ""
    retrieved: date | None = None
    published: date | None = None
    licence: str = ""
    sha256: str = ""
    label: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Found(NamedTuple):
    """A document recognised as a release of a dataset, before it is loaded."""

    dataset: Dataset
    layout: Layout
    period: Period
    document: Document
    file: str
    member: str
    sha256: str
    content_sha256: str
    address: str = ""
    retrieved: date | None = None
    licence: str = ""
    embedded: bool = False

    @property
    def what(self) -> str:
        """The release as people read it."""
        span = days((self.period.valid_from, self.period.valid_to))
        return f"{self.layout.name}, {self.period.label} ({span})"


class Seen(NamedTuple):
    """A document that was looked at, and what became of it."""

    where: str
    what: str


class Survey:
    """All that was found. Holds archives open until :meth:`close`."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.not_loaded: list[Seen] = []
        self.unrecognised: list[Seen] = []
        self.damaged: list[Seen] = []
        self._open = ExitStack()

    def close(self) -> None:
        """Close the archives; documents can no longer be read."""
        self._open.close()

    def __enter__(self) -> Survey:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hold(self, archive: zipfile.ZipFile) -> zipfile.ZipFile:
        """Keep an archive open for as long as the survey."""
        return self._open.enter_context(archive)


def survey(
    paths: Sequence[Path],
    datasets: Sequence[Dataset],
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> Survey:
    """Look at every file under ``paths`` (folders or files), and say what each is.

    ``progress(where, done, total)`` is called before each file.
    """
    result = Survey()
    files = list(_files(paths, result))
    for done, (root, path) in enumerate(files):
        where = path.relative_to(root).as_posix()
        progress(where, done, len(files))
        _file(result, datasets, path, where)
    return result


def _files(paths: Sequence[Path], result: Survey) -> Iterator[tuple[Path, Path]]:
    for given in paths:
        if given.is_file():
            yield given.parent, given
        elif given.is_dir():
            for folder, folders, names in os.walk(given):
                folders[:] = sorted(name for name in folders if not _NOT_OURS.match(name))
                # A table in parts: the folder is one document.
                for name in sorted(MARKERS & set(names) or names):
                    if not _NOT_OURS.match(name) and not name.endswith((SIDECAR, ".part")):
                        yield given, Path(folder, name)
        else:
            result.damaged.append(Seen(str(given), "there is no such file or folder"))


def _file(result: Survey, datasets: Sequence[Dataset], path: Path, where: str) -> None:
    try:
        if not path.is_file():
            result.damaged.append(Seen(where, "is not an ordinary file"))
            return
        sidecar = _sidecar(path)
        if path.name in MARKERS:
            table = Parted(path)
            origin = (path.parent.name, sha256_of(table.open()), sidecar)
            _document(result, datasets, table, origin, "")
            return
        digest = sha256_of(path.open("rb"))
        if sidecar.sha256 and sidecar.sha256 != digest:
            result.damaged.append(
                Seen(where, f"its sha256 is {digest[:12]}…, not {sidecar.sha256[:12]}… as fetched")
            )
        elif _is_archive(path):
            archive = result.hold(zipfile.ZipFile(path))
            _archive(result, datasets, archive, (path.name, digest, sidecar), where)
        else:
            beside = tuple(
                Document.at(other)
                for other in sorted(path.parent.iterdir())
                if other != path and other.suffix.lower() == ".txt" and other.is_file()
            )
            document = Document.at(path, beside)
            document.where = where
            _document(result, datasets, document, (path.name, digest, sidecar), "")
    except READ_FAULTS as fault:
        result.damaged.append(Seen(where, _reason(fault)))
    except msgspec.MsgspecError as fault:
        result.damaged.append(Seen(where + SIDECAR, f"does not read as its layout says: {fault}"))


def _is_archive(path: Path) -> bool:
    """A zip by its first bytes; a workbook (also a zip inside) counts as one document."""
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04" and path.suffix.lower() not in {".xlsx", ".docx"}


def _sidecar(path: Path) -> Sidecar:
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_file():
        return Sidecar()
    return msgspec.json.decode(beside.read_bytes(), type=Sidecar)


_Origin = tuple[str, str, Sidecar]


def _archive(
    result: Survey,
    datasets: Sequence[Dataset],
    archive: zipfile.ZipFile,
    origin: _Origin,
    where: str,
) -> None:
    members = [info for info in archive.infolist() if not info.is_dir()]
    fault = _bomb(members)
    if fault:
        result.damaged.append(Seen(where, fault))
        return
    documents = []
    for info in members:
        name = info.filename.rsplit("/", 1)[-1]
        if any(_NOT_OURS.match(part) for part in info.filename.split("/")):
            continue
        if name.lower().endswith(".zip"):
            inner = result.hold(zipfile.ZipFile(io.BytesIO(archive.read(info))))
            _archive(result, datasets, inner, origin, f"{where}: {info.filename}")
            continue
        documents.append(
            Document(
                name,
                partial(archive.open, info),
                where=f"{where}: {info.filename}",
                size=info.file_size,
            )
        )
    before = len(result.found)
    unknown = []
    for document in documents:
        document.beside = tuple(other for other in documents if other is not document)
        try:
            if not _document(result, datasets, document, origin, document.where, quiet=True):
                unknown.append(document)
        except READ_FAULTS as damage:
            result.damaged.append(Seen(document.where, _reason(damage)))
    for document in unknown:
        companion = _companion(document.name)
        if companion:
            result.not_loaded.append(Seen(document.where, companion))
        elif len(result.found) > before:
            result.not_loaded.append(Seen(document.where, "lies beside what was recognised"))
        else:
            result.unrecognised.append(Seen(document.where, _unknown(document)))


def _bomb(members: Sequence[zipfile.ZipInfo]) -> str:
    """Why an archive is not to be unpacked, or nothing."""
    if len(members) > _MAX_MEMBERS:
        return f"an archive of {len(members):,} members; at most {_MAX_MEMBERS:,} are read"
    total = sum(info.file_size for info in members)
    if total > _MAX_UNPACKED:
        return f"would unpack to {total:,} bytes; at most {_MAX_UNPACKED:,} are read"
    for info in members:
        if info.flag_bits & 1:
            return f"{info.filename} is encrypted"
        if info.file_size > _RATIO_MATTERS_FROM and info.file_size > _MAX_RATIO * max(
            info.compress_size, 1
        ):
            return (
                f"{info.filename} would unpack from {info.compress_size:,} to "
                f"{info.file_size:,} bytes, as no published file does"
            )
        if info.filename.lower().endswith(".zip") and info.file_size > _MAX_NESTED:
            return f"{info.filename}: an archive inside of more than {_MAX_NESTED:,} bytes"
    return ""


def _document(
    result: Survey,
    datasets: Sequence[Dataset],
    document: Document,
    origin: _Origin,
    member: str,
    *,
    quiet: bool = False,
) -> bool:
    """Offer a document to every layout; whether one claimed it (or refused it as damaged)."""
    file, digest, sidecar = origin
    claims = []
    for dataset in datasets:
        for layout in dataset.layouts:
            try:
                period = layout.recognise(document)
            except Undated as undated:
                if sidecar.valid_from is None:
                    result.damaged.append(Seen(document.where, str(undated)))
                    return True
                period = Period("", sidecar.valid_from, sidecar.valid_from)
            except BadRow as bad:
                result.damaged.append(Seen(document.where, str(bad)))
                return True
            except Doubtful as doubt:
                result.not_loaded.append(Seen(document.where, str(doubt)))
                return True
            except csv.Error:
                continue  # a layout of comma-separated values was offered something else
            if period is not None:
                claims.append((dataset, layout, _period(period, sidecar)))
    if not claims:
        if quiet:
            return False
        companion = _companion(document.name)
        if companion:
            result.not_loaded.append(Seen(document.where, companion))
        else:
            result.unrecognised.append(Seen(document.where, _unknown(document)))
        return False
    content = digest if not member else sha256_of(document.open())
    for dataset, layout, period in claims:
        result.found.append(
            Found(
                dataset,
                layout,
                period,
                document,
                file,
                member.split(": ", 1)[-1] if member else "",
                digest,
                content,
                sidecar.address,
                sidecar.retrieved,
                sidecar.licence,
            )
        )
    return True


def _period(period: Period, sidecar: Sidecar) -> Period:
    """The period that the document states, with what the sidecar says put in its place."""
    start = sidecar.valid_from or period.valid_from
    end = sidecar.valid_to or period.valid_to
    label = sidecar.label or period.label or f"from {start.isoformat()}"
    return Period(label, start, end, sidecar.published or period.published)


def _companion(name: str) -> str:
    return next((what for pattern, what in _COMPANIONS if pattern.search(name)), "")


def _unknown(document: Document) -> str:
    head = document.head
    if not head:
        return "is empty"
    start = head[:40].split(b"\n", 1)[0].strip()
    return f"no known layout; it starts with {start.decode('ascii', 'backslashreplace')!r}"


def _reason(fault: BaseException) -> str:
    if isinstance(fault, zipfile.BadZipFile | zlib.error | EOFError):
        return f"a damaged or cut archive ({str(fault) or 'it ends too early'})"
    if isinstance(fault, OSError):
        return f"cannot be read ({fault.strerror or fault})"
    return str(fault)


def sha256_of(stream: IO[bytes]) -> str:
    """The SHA-256 of a stream, in hexadecimal; closes it."""
    with stream:
        digest = hashlib.sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
