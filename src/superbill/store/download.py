"""Fetches published files from their publishers' own addresses.

Each licence is shown and accepted first. A transfer that broke off goes on where it stopped, if
the publisher still offers the same file; what arrives is checked for length, kind and, where it
is known beforehand, SHA-256. Beside each file ``X`` comes ``X.source.json`` with its address, day,
licence and SHA-256, which the build reads. Nothing stands under a file's name before it is whole.
"""

from __future__ import annotations

import http.client
import os
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit

import msgspec

from superbill import __version__
from superbill.errors import SuperbillError
from superbill.model.base import Value
from superbill.store.build import Progress, Report, silent
from superbill.store.home import downloads_dir
from superbill.store.intake import SIDECAR, Sidecar, sha256_of
from superbill.store.publishers import Licence, Published, publishers
from superbill.store.seal import sync_folder

_BLOCK = 1 << 16
_LARGEST = 2 * 1024**3
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

Accept = Callable[[Published, Licence], bool]


class DownloadFailed(SuperbillError):
    """A file that could not be fetched, with the reason and another way to get it."""

    def __init__(self, published: Published, reason: str) -> None:
        self.published = published
        self.remedy = (
            f"Look for it at {published.page}; a file fetched by hand is read with: "
            "superbill data build --from DIR"
        )
        super().__init__(f"{published.title}: {reason} ({published.address}). {self.remedy}")


class Fetched(Value, frozen=True, kw_only=True):
    """A file that is now there. ``resumed_from`` is the byte that the transfer went on from."""

    id: str
    path: str
    sha256: str
    bytes: int
    already: bool
    resumed_from: int = 0


class Broken(Exception):
    """A transfer that may succeed when it is tried again, after ``wait`` seconds if it says so."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Https(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to another encrypted address."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _safe(newurl):
            fp.close()
            raise urllib.error.URLError(f"redirects to {newurl}, which is not encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def download(
    ids: Sequence[str],
    into: Path | None = None,
    *,
    accept: Accept,
    progress: Report = silent,
    accept_changed: bool = False,
    offered: Sequence[Published] | None = None,
    timeout: float = 30.0,
    attempts: int = 5,
    pause: float = 1.0,
) -> tuple[Fetched, ...]:
    """Fetch the files named by ``ids`` into a folder (by default that of the data folder).

    ``accept(published, licence)`` shows a licence and returns whether it is accepted; it is asked
    once for each licence, before anything is fetched. ``accept_changed`` takes a file whose
    SHA-256 is not the known one. Each transfer is tried ``attempts`` times, ``pause`` seconds
    apart at first, and waits ``timeout`` seconds for the server.

    Raises :class:`DownloadFailed`; ``KeyError`` where an id is not offered; files fetched before
    the failure stay.
    """
    known = publishers()
    by_id = {p.id: p for p in (known.file if offered is None else offered)}
    wanted = [by_id[name] for name in ids]
    agreed: dict[str, bool] = {}
    for published in wanted:
        if published.licence not in agreed:
            licence = known.licence[published.licence]
            agreed[published.licence] = accept(published, licence)
        if not agreed[published.licence]:
            raise DownloadFailed(published, "its licence was not accepted")
        if not _safe(published.address):
            raise DownloadFailed(published, "its address is not encrypted")
    folder = downloads_dir() if into is None else into
    folder.mkdir(parents=True, exist_ok=True)
    how = _How(progress, accept_changed, timeout, attempts, pause)
    return tuple(
        _fetch(published, known.licence[published.licence], folder, how) for published in wanted
    )


class _How(NamedTuple):
    progress: Report
    accept_changed: bool
    timeout: float
    attempts: int
    pause: float


def _fetch(published: Published, licence: Licence, folder: Path, how: _How) -> Fetched:
    target = folder / published.name
    if target.is_file():
        digest = sha256_of(target.open("rb"))
        if digest == _noted(target) and published.sha256 in {"", digest}:
            size = target.stat().st_size
            return Fetched(
                id=published.id, path=str(target), sha256=digest, bytes=size, already=True
            )
    part = target.with_name(target.name + ".part")
    resumed = part.stat().st_size if part.is_file() else 0
    for attempt in range(1, how.attempts + 1):
        try:
            _transfer(published, part, how)
            break
        except Broken as broken:
            if attempt == how.attempts:
                raise DownloadFailed(
                    published, f"{broken}; tried {how.attempts} times. Run it again to go on"
                ) from None
            resumed = part.stat().st_size if part.is_file() else 0
            time.sleep(max(broken.wait, how.pause * 2 ** (attempt - 1)))
    digest = sha256_of(part.open("rb"))
    _examine(published, part, digest, how)
    size = part.stat().st_size
    note = Sidecar(
        address=published.address,
        retrieved=datetime.now(UTC).date(),
        licence=f"{licence.name} ({licence.address})",
        sha256=digest,
    )
    # The note first: a note without its file does no harm, a file without its note would.
    target.with_name(target.name + SIDECAR).write_bytes(
        msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n"
    )
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(target)
    _tag(part).unlink(missing_ok=True)
    sync_folder(folder)
    return Fetched(
        id=published.id,
        path=str(target),
        sha256=digest,
        bytes=size,
        already=False,
        resumed_from=resumed,
    )


def _noted(target: Path) -> str:
    """The SHA-256 that the note beside a file states; empty where there is none."""
    note = target.with_name(target.name + SIDECAR)
    if not note.is_file():
        return ""
    try:
        return msgspec.json.decode(note.read_bytes(), type=Sidecar).sha256
    except msgspec.MsgspecError:
        return ""


def _tag(part: Path) -> Path:
    """Where the server's mark of the version being fetched is kept, beside a partial file."""
    return part.with_name(part.name + ".tag")


def _transfer(published: Published, part: Path, how: _How) -> None:
    """Bring ``part`` to its full length, from where it stands."""
    have = part.stat().st_size if part.is_file() else 0
    tag = _tag(part).read_text("utf-8") if have and _tag(part).is_file() else ""
    headers = {"User-Agent": f"superbill/{__version__}", "Accept-Encoding": "identity"}
    if have and tag:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag}
    else:
        have = 0  # without the server's mark, what is here may be of another version
    request = urllib.request.Request(published.address, headers=headers)  # noqa: S310 - see _safe
    opener = urllib.request.build_opener(_Https)
    try:
        with opener.open(request, timeout=how.timeout) as answer:
            start = have if answer.status == 206 and _continues(answer, have) else 0
            total = _total(answer, start)
            if total is not None and total > _LARGEST:
                raise DownloadFailed(published, f"it is said to have {total:,} bytes")
            mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
            _tag(part).write_text("" if mark.startswith("W/") else mark, "utf-8")
            written = _receive(answer, part, (start, total), published, how)
    except urllib.error.HTTPError as refused:
        with refused:
            raise _refusal(published, part, refused) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as fault:
        if isinstance(fault, urllib.error.URLError) and "not encrypted" in str(fault.reason):
            raise DownloadFailed(published, str(fault.reason)) from None
        reason = getattr(fault, "reason", fault)
        said = (isinstance(reason, OSError) and reason.strerror) or reason
        raise Broken(f"the connection failed ({said})") from None
    if total is not None and written != total:
        if written > total:
            part.unlink()
        raise Broken(f"{written:,} of {total:,} bytes arrived")


def _receive(
    answer: http.client.HTTPResponse,
    part: Path,
    extent: tuple[int, int | None],
    published: Published,
    how: _How,
) -> int:
    start, total = extent
    written = start
    with part.open("r+b" if start else "wb") as stream:
        stream.seek(start)
        while block := answer.read(_BLOCK):
            stream.write(block)
            written += len(block)
            if written > _LARGEST:
                raise DownloadFailed(published, f"more than {_LARGEST:,} bytes arrived")
            how.progress(Progress("download", published.title, written, total or 0))
        stream.truncate()
    return written


def _continues(answer: http.client.HTTPResponse, have: int) -> bool:
    """Whether a partial answer starts where the partial file ends."""
    return answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _total(answer: http.client.HTTPResponse, start: int) -> int | None:
    """The length of the whole file, where the server says it."""
    ranged = answer.headers.get("Content-Range", "").rpartition("/")[2]
    if ranged.isdigit():
        return int(ranged)
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _refusal(
    published: Published, part: Path, refused: urllib.error.HTTPError
) -> Broken | DownloadFailed:
    if refused.code == 416:  # the file is shorter now than what is here: start over
        part.unlink(missing_ok=True)
        return Broken("the file changed while it was fetched")
    said = f"the publisher answers {refused.code} {refused.reason}"
    if refused.code in _AGAIN:
        wait = refused.headers.get("Retry-After", "")
        return Broken(said, min(float(wait), 60.0) if wait.isdigit() else 0.0)
    if refused.code in {404, 410}:
        said += "; the file has moved or is gone"
    return DownloadFailed(published, said)


def _examine(published: Published, part: Path, digest: str, how: _How) -> None:
    """Refuse what is not the file that was asked for; it is not kept."""
    with part.open("rb") as stream:
        head = stream.read(512)
    fault = ""
    if not head:
        fault = "nothing arrived"
    elif published.name.endswith(".zip") and not head.startswith(b"PK"):
        kind = "a web page" if b"<" in head[:64] else "something else"
        fault = f"{kind} arrived in place of an archive"
    elif published.name.endswith(".zip") and not zipfile.is_zipfile(part):
        fault = "the archive that arrived is cut short"
    elif published.sha256 and digest != published.sha256 and not how.accept_changed:
        fault = (
            f"the file offered is not the one known (sha256 {digest[:12]}… in place of "
            f"{published.sha256[:12]}…). The publisher may have replaced it; to take it all the "
            "same: --accept-changed"
        )
    if fault:
        part.unlink()
        _tag(part).unlink(missing_ok=True)
        raise DownloadFailed(published, fault)
