"""Downloads against a local server that misbehaves on request."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from superbill.cli.failure import failures
from superbill.store.build import Progress
from superbill.store.catalog import datasets
from superbill.store.download import DownloadFailed, Fetched, download
from superbill.store.intake import Sidecar
from superbill.store.publishers import Licence, Published, publishers


def _zip(codes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("codes.txt", "".join(f"{n:06d} code\n" for n in range(codes)))
    return stream.getvalue()


BODY = _zip(60_000)
SHORTER = _zip(10_000)
SHA256 = hashlib.sha256(BODY).hexdigest()


@dataclass
class Behaviour:
    """What the server does next, and what it was asked."""

    body: bytes = BODY
    etag: str = '"v1"'
    ranges: bool = True
    cut_after: list[int | None] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    claim: int = 0
    location: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        it = self.behaviour
        it.requests.append(dict(self.headers))
        if it.status:
            code = it.status.pop(0)
            self.send_response(code)
            if it.location:
                self.send_header("Location", it.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = 0
        asked = self.headers.get("Range")
        if asked and it.ranges and self.headers.get("If-Range") == it.etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(it.body):
                self.send_response(416)
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(it.body) - 1}/{len(it.body)}")
        else:
            self.send_response(200)
        if it.etag:
            self.send_header("ETag", it.etag)
        self.send_header("Content-Length", str(len(it.body) - start + it.claim))
        self.end_headers()
        cut = it.cut_after.pop(0) if it.cut_after else None
        self.wfile.write(it.body[start:] if cut is None else it.body[start : start + cut])
        if cut is not None or it.claim:
            self.close_connection = True
            self.connection.close()


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Connections are cut on purpose."""


@pytest.fixture
def server() -> Iterator[tuple[str, Behaviour]]:
    behaviour = Behaviour()
    handler = type("Bound", (Handler,), {"behaviour": behaviour})
    serving = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}", behaviour
    serving.shutdown()
    thread.join()
    serving.server_close()


def offer(address: str, *, sha256: str = "", licence: str = "us-government") -> Published:
    return Published(
        id="codes",
        title="Codes",
        publisher="The market",
        address=f"{address}/codes.zip",
        name="codes.zip",
        page="https://market.example/",
        licence=licence,
        datasets=(),
        sha256=sha256,
    )


def yes(_: Published, __: Licence) -> bool:
    return True


def get(published: Published, folder: Path, **options: object) -> Fetched:
    (fetched,) = download(
        ["codes"],
        folder,
        accept=options.pop("accept", yes),  # type: ignore[arg-type]
        offered=[published],
        timeout=5,
        pause=0.01,
        **options,  # type: ignore[arg-type]
    )
    return fetched


def test_a_file_comes_whole_with_its_provenance(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, _ = server
    told: list[Progress] = []
    fetched = get(offer(address, sha256=SHA256), tmp_path, progress=told.append)
    assert (tmp_path / "codes.zip").read_bytes() == BODY
    assert (fetched.sha256, fetched.bytes, fetched.already) == (SHA256, len(BODY), False)
    note = msgspec.json.decode((tmp_path / "codes.zip.source.json").read_bytes(), type=Sidecar)
    assert note.address == f"{address}/codes.zip"
    assert note.sha256 == SHA256
    assert note.retrieved is not None
    assert note.licence.startswith("Work of the United States Government")
    assert told[-1] == Progress("download", "Codes", len(BODY), len(BODY))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["codes.zip", "codes.zip.source.json"]


def test_what_is_here_is_not_fetched_again(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    get(offer(address), tmp_path)
    assert get(offer(address), tmp_path).already
    assert len(behaviour.requests) == 1
    (tmp_path / "codes.zip").write_bytes(BODY[:-1])
    assert not get(offer(address), tmp_path).already, "a file that was altered is"
    assert (tmp_path / "codes.zip").read_bytes() == BODY


def test_a_cut_connection_goes_on_where_it_stopped(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.cut_after = [300_000, 200_000, None]
    fetched = get(offer(address, sha256=SHA256), tmp_path)
    assert (tmp_path / "codes.zip").read_bytes() == BODY
    assert fetched.resumed_from == 500_000
    assert [r.get("Range") for r in behaviour.requests] == [
        None,
        "bytes=300000-",
        "bytes=500000-",
    ]


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.cut_after = [100_000, 0]
    with pytest.raises(DownloadFailed, match=r"tried 2 times\. Run it again to go on"):
        get(offer(address), tmp_path, attempts=2)
    assert not (tmp_path / "codes.zip").exists()
    assert get(offer(address, sha256=SHA256), tmp_path).resumed_from == 100_000


def test_a_server_without_ranges_starts_over(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.ranges = False
    behaviour.cut_after = [300_000, None]
    get(offer(address, sha256=SHA256), tmp_path)
    assert (tmp_path / "codes.zip").read_bytes() == BODY


def test_a_server_without_marks_is_never_resumed(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.etag = ""
    behaviour.cut_after = [300_000, None]
    get(offer(address, sha256=SHA256), tmp_path)
    assert all("Range" not in r for r in behaviour.requests)


def test_a_file_that_changed_meanwhile_starts_over(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.cut_after = [300_000]
    with pytest.raises(DownloadFailed):
        get(offer(address), tmp_path, attempts=1)
    behaviour.etag = '"v2"'
    behaviour.body = BODY + b"more"
    get(offer(address), tmp_path)
    assert (tmp_path / "codes.zip").read_bytes() == BODY + b"more"


def test_a_file_that_became_shorter_starts_over(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.cut_after = [300_000]
    with pytest.raises(DownloadFailed):
        get(offer(address), tmp_path, attempts=1)
    behaviour.body = SHORTER  # under the same mark, so that the server answers 416
    get(offer(address), tmp_path)
    assert (tmp_path / "codes.zip").read_bytes() == SHORTER


def test_a_wrong_length_is_not_taken(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.claim = 1000
    with pytest.raises(DownloadFailed, match=r"bytes arrived|file changed"):
        get(offer(address), tmp_path, attempts=2)
    assert not (tmp_path / "codes.zip").exists()


def test_not_found_says_where_to_look(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.status = [404]
    with pytest.raises(DownloadFailed) as failed:
        get(offer(address), tmp_path)
    assert str(failed.value) == (
        "Codes: the publisher answers 404 Not Found; the file has moved or is gone "
        f"({address}/codes.zip). Look for it at https://market.example/; a file fetched by hand "
        "is read with: superbill data build --from DIR"
    )
    assert len(behaviour.requests) == 1, "what is gone is not asked for again"


def test_a_busy_server_is_asked_again(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.status = [503, 429]
    get(offer(address, sha256=SHA256), tmp_path)
    assert len(behaviour.requests) == 3


def test_a_silent_server_times_out(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DownloadFailed, match="timed out"):
            download(
                ["codes"],
                tmp_path,
                accept=yes,
                offered=[offer(f"http://127.0.0.1:{port}")],
                timeout=0.2,
                attempts=1,
            )


def test_no_server_at_all(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="the connection failed") as failed:
        get(offer("http://127.0.0.1:9"), tmp_path, attempts=2)
    assert "Errno" not in str(failed.value)
    assert failures(failed.value)[0].fix.startswith("Look for it at")
    assert not list(tmp_path.glob("*.zip"))


def test_another_file_than_the_known_one(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, _ = server
    known = offer(address, sha256="0" * 64)
    with pytest.raises(DownloadFailed, match="is not the one known"):
        get(known, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert get(known, tmp_path, accept_changed=True).sha256 == SHA256


def test_a_web_page_in_place_of_an_archive(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.body = b"<!DOCTYPE html><title>Moved</title>"
    with pytest.raises(DownloadFailed, match="a web page arrived in place of an archive"):
        get(offer(address), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_without_its_end(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    behaviour.body = BODY[:-100]
    with pytest.raises(DownloadFailed, match="the archive that arrived is cut short"):
        get(offer(address), tmp_path)


def test_a_redirect_to_an_unencrypted_address(
    server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    behaviour.status, behaviour.location = [302], "http://elsewhere.example/codes.zip"
    with pytest.raises(DownloadFailed, match="which is not encrypted"):
        get(offer(address), tmp_path)


def test_an_unencrypted_address_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="its address is not encrypted"):
        get(offer("http://market.example"), tmp_path)


def test_a_licence_that_is_not_accepted(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, behaviour = server
    shown: list[str] = []

    def no(_: Published, licence: Licence) -> bool:
        shown.append(licence.name)
        return False

    with pytest.raises(DownloadFailed, match="its licence was not accepted"):
        get(offer(address), tmp_path, accept=no)
    assert shown == ["Work of the United States Government"]
    assert not behaviour.requests


def test_each_licence_is_shown_once(server: tuple[str, Behaviour], tmp_path: Path) -> None:
    address, _ = server
    shown: list[str] = []

    def ask(published: Published, _: Licence) -> bool:
        shown.append(published.licence)
        return True

    first = offer(address)
    others = [
        msgspec.structs.replace(first, id=name, name=f"{name}.zip", licence=licence)
        for name, licence in (("a", "us-government"), ("b", "icd-10-cm"), ("c", "icd-10-cm"))
    ]
    download(["a", "b", "c"], tmp_path, accept=ask, offered=others)
    assert shown == ["us-government", "icd-10-cm"]


def test_the_list_of_publishers_holds_together() -> None:
    known = publishers()
    ids = [p.id for p in known.file]
    names = [p.name for p in known.file]
    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)
    catalog = {d.id for d in datasets()}
    for published in known.file:
        assert published.licence in known.licence
        assert published.address.startswith("https://")
        assert published.page.startswith("https://")
        assert "/" not in published.name
        assert set(published.datasets) <= catalog
        assert len(published.sha256) in {0, 64}
