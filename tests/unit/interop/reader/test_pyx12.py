"""pyx12 4.0.0, an independent checker, on every sample of 837P, 837I and 835, at levels 1 and 2.

Verdicts agree, and so do the segments that are found at fault, but for the differences of
``tests/cases/x12_pyx12.toml``, each with its reason. A difference that is gone fails too.
"""

from __future__ import annotations

import io
import json
import logging
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pyx12.errors
import pyx12.params
import pyx12.x12n_document

from superbill.interop.x12.check import SetAnswer, answers, check_file, checks
from tests.unit.interop.reader.files import CASES, CLEAN, SAMPLES, clean

pytestmark = pytest.mark.shared

KINDS = ("835", "837I", "837P", "837-other", "mixed")
FILES = [p for kind in KINDS for p in sorted((SAMPLES / kind).glob("*")) if p.is_file()]
with (CASES / "x12_pyx12.toml").open("rb") as file:
    KNOWN: dict[str, dict[str, Any]] = {d["file"]: d for d in tomllib.load(file)["difference"]}


class Verdict(NamedTuple):
    """``accepted``, ``rejected``, or ``refused`` (not looked into), and positions at fault."""

    verdict: str
    faults: list[list[int]]


def ours(content: bytes) -> Verdict:
    found = check_file(content, level=2)
    verdict = "refused" if found.unreadable else "accepted" if found.accepted else "rejected"
    faults = [
        sorted(
            {
                f.at.position
                for f in answer.findings
                if not f.rule.startswith(("envelope.", "version."))
            }
        )
        for answer in answers(content, checks(2))
        if isinstance(answer, SetAnswer)
    ]
    return Verdict(verdict, faults)


def theirs(content: bytes) -> Verdict:
    settings = pyx12.params.ParamsBase()
    settings.set("charset", "E")
    report = io.StringIO()
    logging.disable(logging.CRITICAL)
    try:
        accepted = pyx12.x12n_document.x12n_document(
            settings, io.StringIO(content.decode("latin-1")), io.StringIO(), None, fd_json=report
        )
    except (pyx12.errors.EngineError, IndexError):
        return Verdict("refused", [])  # no map for the version, or it broke down
    finally:
        logging.disable(logging.NOTSET)
    told = json.loads(report.getvalue()) if report.getvalue() else {}
    faults = [
        sorted({s["seg_count"] for s in t["segments"] if _at_fault(s)})
        for i in told.get("interchanges", ())
        for g in i.get("groups", ())
        for t in g.get("transactions", ())
    ]
    return Verdict("accepted" if accepted else "rejected", faults)


def _at_fault(segment: dict[str, Any]) -> bool:
    return bool(segment["errors"]) or any(e["errors"] for e in segment["elements"])


def differ(us: Verdict, them: Verdict) -> bool:
    """Whether one accepts what the other does not, or both looked and found different places."""
    if (us.verdict == "accepted") != (them.verdict == "accepted"):
        return True
    return "refused" not in {us.verdict, them.verdict} and us.faults != them.faults


@pytest.mark.parametrize("path", FILES, ids=[p.name for p in FILES])
def test_we_agree_or_know_why_not(path: Path) -> None:
    content = path.read_bytes()
    us, them = ours(content), theirs(content)
    known = KNOWN.get(path.name)
    assert differ(us, them) == (known is not None), (us, them)
    if known is not None:
        assert (us.verdict, them.verdict) == (known["ours"], known["pyx12"]), (us, them)
        assert known["reason"]


@pytest.mark.parametrize("name", [name for name in CLEAN if name in {"837P", "837I", "835"}])
def test_we_agree_on_clean_files(name: str) -> None:
    assert theirs(clean(name)) == ours(clean(name)) == Verdict("accepted", [[]])


def test_most_samples_agree() -> None:
    if not FILES:
        pytest.skip("the samples at ../shared/samples/x12 are not there")
    assert set(KNOWN) <= {p.name for p in FILES}
    verdicts = [k for k in KNOWN.values() if k["pyx12"] != "refused" and k["ours"] != k["pyx12"]]
    assert len(verdicts) <= 8
