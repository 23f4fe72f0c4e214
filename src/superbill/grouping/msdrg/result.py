"""The program's answer as a :class:`~superbill.model.Grouping`, each code with what it did."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from superbill.grouping.msdrg import logic
from superbill.grouping.msdrg.engine import (
    INVALID_PRINCIPAL,
    UNGROUPABLE,
    DiagnosisOutput,
    FullAnswer,
    HacOutput,
    Run,
)
from superbill.grouping.msdrg.reference import (
    RELEASE,
    diagnosis,
    drg_title,
    excluding_collection,
    hac_title,
    mdc_title,
    procedure,
    rules,
)
from superbill.grouping.msdrg.versions import label
from superbill.model import CodeGrouping, DrgOutcome, Grouping, HacRow
from superbill.model.grouping import Affects, DxSeverity, HacStatus
from superbill.sources.msdrg_values import DrgRule

_MET = "HAC_CRITERIA_MET"
_RANK = {"MCC": 0, "CC": 1}

CORRECTIONS = {
    "F1": "F1: surplus single-level spinal fusions from one side were held back",
    "F2": "F2: severe obesity as a secondary diagnosis was given as present on admission",
    "F3": "F3: the return code for a hospital of unknown reporting status was put right",
    "F4": "F4: the infection beside a catheter code present on admission was given as present",
}
"""The cures of :mod:`~superbill.grouping.msdrg.corrections` as a grouping names them."""


def grouping(run: Run, version: int, *, detail: bool) -> Grouping:
    """What ``run`` says, with the codes and the rule only where ``detail`` is asked for."""
    answer = run.answer
    initial = _outcome(
        version,
        answer.initial_drg or UNGROUPABLE,
        answer.initial_mdc or 0,
        answer.initial_base_drg,
        answer.initial_return_code,
        answer.initial_severity,
        "",
    )
    final = _outcome(
        version,
        answer.final_drg or UNGROUPABLE,
        answer.final_mdc or 0,
        answer.final_base_drg,
        answer.return_code,
        answer.final_severity,
        "",
    )
    codes: tuple[CodeGrouping, ...] = ()
    met: tuple[int, ...] = ()
    if detail or answer.grouper_flags.num_hac_categories_satisfied:
        full = run.full()
        met = _hacs_met(full)
        if detail:
            explained = _Explained(run, full, version)
            codes = explained.codes()
            initial = _with_rule(initial, explained.initial.rule)
            final = _with_rule(final, explained.final.rule)
    return Grouping(
        version=label(version),
        initial=initial,
        final=final,
        hac_status=cast("HacStatus", answer.grouper_flags.hac_status_value),
        hacs_met=met,
        codes=codes,
        corrections=tuple([CORRECTIONS[name] for name in run.corrections]),
        release=RELEASE,
    )


@lru_cache(maxsize=16384)
def _outcome(
    version: int, drg: int, mdc: int, base: int | None, code: str, severity: str, rule: str
) -> DrgOutcome:
    """A DRG with its titles; few differ, so that many stays share each."""
    lines = rules(version).get(drg)
    reached = drg < INVALID_PRINCIPAL and code == "OK"
    return DrgOutcome(
        drg=f"{drg:03d}",
        title=drg_title(drg, version),
        mdc=f"{mdc:02d}",
        mdc_title=mdc_title(mdc, version),
        base_drg=f"{base or UNGROUPABLE:03d}",
        return_code=code,
        med_surg=lines[0].med_surg if lines else "NONE",
        severity=_claim_severity(severity) if reached else "NONE",
        rule=rule,
    )


def _with_rule(outcome: DrgOutcome, rule: DrgRule | None) -> DrgOutcome:
    if rule is None or outcome.drg == f"{UNGROUPABLE}":
        return outcome
    return DrgOutcome(
        drg=outcome.drg,
        title=outcome.title,
        mdc=outcome.mdc,
        mdc_title=outcome.mdc_title,
        base_drg=outcome.base_drg,
        return_code=outcome.return_code,
        med_surg=outcome.med_surg,
        severity=outcome.severity,
        rule=rule.formula,
    )


def _claim_severity(severity: str) -> Literal["MCC", "CC", "NON_CC"]:
    return "MCC" if severity == "MCC" else "CC" if severity == "CC" else "NON_CC"


def _hacs_met(full: FullAnswer) -> tuple[int, ...]:
    outputs = full.sdx_output if full.pdx_output is None else [full.pdx_output, *full.sdx_output]
    return tuple(
        sorted(
            {
                row.hac_number
                for output in outputs
                for row in output.hacs
                if row.hac_status == _MET and row.hac_number
            }
        )
    )


class _Line(NamedTuple):
    """The line of logic that was met, initially or finally, and the codes it held by.

    ``procedures`` is ``None`` where they are not known: the line holds by a combination.
    """

    rule: DrgRule | None = None
    places: frozenset[int] = frozenset()
    procedures: frozenset[int] | None = None


class _Explained:
    """A stay's codes with what each did, in billed order."""

    def __init__(self, run: Run, full: FullAnswer, version: int) -> None:
        self._run = run
        self._version = version
        self._secondary = _in_billed_order(full.sdx_output, [code for code, _ in run.diagnoses[1:]])
        self._full = full
        answer = run.answer
        self._grouped = answer.initial_return_code == "OK"
        self._ungrouped_by_hac = self._grouped and answer.return_code != "OK"
        self.initial = self._line(answer.initial_drg, answer.initial_mdc, final=False)
        self.final = self.initial
        if answer.final_drg != answer.initial_drg and not self._ungrouped_by_hac:
            self.final = self._line(answer.final_drg, answer.final_mdc, final=True)

    def codes(self) -> tuple[CodeGrouping, ...]:
        """Every diagnosis, then every procedure."""
        found = [self._principal(), *self._secondaries(), *self._procedures()]
        return tuple(found if self._run.diagnoses else found[1:])

    def _line(self, drg: int | None, mdc: int | None, *, final: bool) -> _Line:
        lines = rules(self._version).get(drg or 0, ())
        if not lines or drg == UNGROUPABLE or not self._run.diagnoses:
            return _Line()
        principal = self._run.diagnoses[0][0]
        code = diagnosis(principal, self._version)
        procedures = [
            frozenset(row.lists) if (row := procedure(billed, self._version)) else frozenset()
            for billed in self._run.procedures
        ]
        for assume in (False, True):
            for rule in lines:
                stay = logic.Stay(
                    frozenset(code.lists) if code else frozenset(),
                    self._preferred(rule, final=final),
                    procedures,
                    assume,
                )
                condition = logic.parse(rule.formula)
                result = logic.met(condition, stay)
                if result.holds:
                    known = not assume and not logic.counts_procedures(condition)
                    places = result.places | _way_there(mdc, stay)
                    return _Line(rule, places, result.procedures if known else None)
        return _Line(lines[0])

    def _preferred(self, rule: DrgRule, *, final: bool) -> list[logic.Secondary]:
        """Secondary diagnoses as CMS's grouper prefers them: by severity, then by code."""
        ranked = sorted(
            enumerate(self._secondary, start=1),
            key=lambda item: (_RANK.get(item[1].severity, 2), item[1].code, item[0]),
        )
        return [
            logic.Secondary(
                place, self._lists(output.code), self._severity(output, rule, final=final)
            )
            for place, output in ranked
        ]

    def _lists(self, code: str) -> frozenset[str]:
        row = diagnosis(code, self._version)
        return frozenset(row.lists) if row else frozenset()

    def _severity(
        self, output: DiagnosisOutput, rule: DrgRule | None, *, final: bool
    ) -> DxSeverity:
        own = output.severity
        if own not in _RANK or not self._grouped or "DEATH_EXCLUSION" in output.flags:
            return "NEITHER"
        if "EXCLUDED" in output.flags:
            return "MCC_EXCLUDED" if own == "MCC" else "CC_EXCLUDED"
        if rule and rule.suppresses and self._lists(output.code).intersection(rule.suppresses):
            return "MCC_EXCLUDED_BY_DRG_LOGIC" if own == "MCC" else "CC_EXCLUDED_BY_DRG_LOGIC"
        if final and any(row.hac_status == _MET for row in output.hacs):
            return "NEITHER"
        return "MCC" if own == "MCC" else "CC"

    def _principal(self) -> CodeGrouping:
        output = self._full.pdx_output
        flags = output.flags if output else []
        return CodeGrouping(
            where="diagnoses[0]",
            code=self._run.diagnoses[0][0] if self._run.diagnoses else "",
            recognized="VALID" in flags,
            affects_drg=self._affects(flags, 0),
            hacs=self._hac_rows(output.hacs) if output else (),
        )

    def _secondaries(self) -> Iterable[CodeGrouping]:
        for place, output in enumerate(self._secondary, start=1):
            own: DxSeverity = "NEITHER"
            if output.severity in _RANK:
                own = "MCC" if output.severity == "MCC" else "CC"
            severity = self._severity(output, self.final.rule, final=True)
            yield CodeGrouping(
                where=f"diagnoses[{place}]",
                code=output.code,
                recognized="VALID" in output.flags,
                affects_drg=self._affects(output.flags, place),
                severity=severity,
                severity_before_exclusion=own,
                severity_initial=self._severity(output, self.initial.rule, final=False),
                excluded_by=self._excluded_by(output, severity) if severity != own else "",
                hacs=self._hac_rows(output.hacs),
            )

    def _procedures(self) -> Iterable[CodeGrouping]:
        marked: dict[str, deque[list[str]]] = defaultdict(deque)
        for output in self._full.proc_output:
            marked[output.code].append(output.flags)
        for place, code in enumerate(self._run.procedures):
            row = procedure(code, self._version)
            flags = marked[code].popleft() if marked[code] else []
            yield CodeGrouping(
                where=f"procedures[{place}]",
                code=code,
                recognized=row is not None,
                affects_drg=self._procedure_affects(flags, place),
                operating_room=row.operating_room if row else None,
            )

    def _affects(self, flags: list[str], place: int) -> Affects:
        """The program leaves out diagnoses that a list, not a severity, made count."""
        initial = "MARKED_FOR_INITIAL" in flags or place in self.initial.places
        if self._ungrouped_by_hac:
            return "INITIAL" if initial or place == 0 else "NONE"
        if initial:
            return "BOTH"
        final = "MARKED_FOR_FINAL" in flags or place in self.final.places
        return "FINAL" if final else "NONE"

    def _procedure_affects(self, flags: list[str], place: int) -> Affects:
        """The program prefers procedures by code; CMS's grouper takes them as billed."""
        before, after = self.initial.procedures, self.final.procedures
        initial = "MARKED_FOR_INITIAL" in flags if before is None else place in before
        if self._ungrouped_by_hac:
            return "INITIAL" if initial else "NONE"
        if initial:
            return "BOTH"
        final = "MARKED_FOR_FINAL" in flags if after is None else place in after
        return "FINAL" if final else "NONE"

    def _hac_rows(self, rows: list[HacOutput]) -> tuple[HacRow, ...]:
        """One row a category: the program gives one for each list that the code stands in."""
        status: dict[int, str] = {}
        for row in rows:
            if row.hac_list == "hac11_pdx":
                continue
            for category in _categories(row.hac_list):
                if status.get(category) != _MET:
                    status[category] = row.hac_status
        return tuple(
            [
                HacRow(
                    category=category, status=name, description=hac_title(category, self._version)
                )
                for category, name in sorted(status.items())
            ]
        )

    def _excluded_by(self, output: DiagnosisOutput, severity: DxSeverity) -> str:
        if severity in {"MCC_EXCLUDED", "CC_EXCLUDED"}:
            principal = self._run.diagnoses[0][0]
            group = excluding_collection(output.code, principal, self._version)
            collection = (
                "" if group is None else f", whose exclusion collection {group} holds the code"
            )
            return f"principal diagnosis {dotted(principal)}{collection}"
        if not self._grouped:
            return "no DRG was reached"
        rule = self.final.rule
        if rule and severity.endswith("BY_DRG_LOGIC"):
            names = sorted(self._lists(output.code).intersection(rule.suppresses))
            return (
                f"DRG {rule.drg:03d}, which itself asks for such a code (list {', '.join(names)})"
            )
        if "DEATH_EXCLUSION" in output.flags:
            return "the discharge status: it is an MCC only where the patient was discharged alive"
        met = sorted({row.hac_number for row in output.hacs if row.hac_status == _MET})
        names = [f"{number} ({hac_title(number, self._version)})" for number in met]
        return f"hospital-acquired condition {', '.join(names)}"


def dotted(code: str) -> str:
    """A diagnosis code as it is written.

    >>> dotted("I5023"), dotted("I10")
    ('I50.23', 'I10')
    """
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _way_there(mdc: int | None, stay: logic.Stay) -> frozenset[int]:
    """The diagnoses by which a stay came into MDC 24 or 25 from that of its principal one."""
    if mdc == 24:
        return logic.multiple_significant_trauma(stay).places
    if mdc == 25:
        return logic.met(logic.parse("PDX:hiv | SDX:hiv"), stay).places
    return frozenset()


def _categories(hac_list: str) -> tuple[int, ...]:
    """The conditions that a list of the grouper belongs to: ``hac06_show`` to 6."""
    return (int(hac_list[3:5]),) if hac_list[3:5].isdigit() else ()


def _in_billed_order(outputs: list[DiagnosisOutput], billed: list[str]) -> list[DiagnosisOutput]:
    """The program sorts its output; equal codes keep their order."""
    waiting: dict[str, deque[DiagnosisOutput]] = defaultdict(deque)
    for output in outputs:
        waiting[output.code].append(output)
    return [waiting[code].popleft() for code in billed]
