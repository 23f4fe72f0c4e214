"""What an estimate says to the patient, in our own words, each with the rule that wants it said.

45 CFR 149.610(c)(1) lists what a good-faith estimate tells; 149.620 is the dispute resolution.
"""

from __future__ import annotations

from superbill.model import Order, SelfPay, Statement

CONTENT = "45 CFR 149.610(c)(1)"
DISPUTE = "45 CFR 149.620"
FEDERAL_SITE = "www.cms.gov/nosurprises/consumers"
FEDERAL_PHONE = "1-800-985-3059"
THRESHOLD = 400
"""Dollars above the expected charges from which billed charges can be disputed (149.620(a)(2))."""


def good_faith() -> tuple[Statement, ...]:
    """The statements of an estimate for a patient without coverage or who does not use it."""
    return (
        Statement(
            text="You may be advised to have care that is not listed here. It would be scheduled "
            "or asked for separately, and this estimate does not include it.",
            rule=CONTENT,
        ),
        Statement(
            text="This is only an estimate. It lists what could reasonably be expected on the day "
            "it was made; the care that you get, and what you are charged, may turn out otherwise.",
            rule=CONTENT,
        ),
        Statement(
            text=f"If a provider or facility bills you at least ${THRESHOLD} more than the total "
            "that this estimate expects for that provider or facility, you have the right to "
            "dispute the bill with a neutral reviewer. You must ask for the review within 120 "
            "calendar days of the first bill. How to start it, and what it costs: "
            f"{FEDERAL_SITE}, or call {FEDERAL_PHONE}. Disputing a bill does not affect the "
            "quality of the care that you are given. Keep this estimate: you will need it.",
            rule=f"{CONTENT}; {DISPUTE}",
        ),
        Statement(
            text="This is not a contract. You need not take any of this care, from anyone who is "
            "named here.",
            rule=CONTENT,
        ),
    )


def separately(order: Order) -> Statement:
    """What stands right above the care that is to be scheduled on its own."""
    phone = f" at {_phone(order.biller.phone)}" if order.biller.phone else ""
    ask = f"To ask for one, turn to {order.biller.name}{phone} or to whoever will give the care."
    apart = (
        "The care below is expected before or after the care in this estimate and has to be "
        "scheduled on its own."
    )
    if not isinstance(order.payers[0], SelfPay):
        return Statement(text=f"{apart} This estimate does not include it. {ask}")
    return Statement(
        text=f"{apart} You will get an estimate of it when it is scheduled, or when you ask for "
        "one; codes, charges and providers will be told there, and so they are left out here. "
        f"{ask}",
        rule=CONTENT,
    )


def _phone(number: str) -> str:
    if len(number) == 10 and number.isdigit():
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"
    return number


def insured() -> tuple[Statement, ...]:
    """The statements of an estimate for a patient with coverage, which no rule words for us."""
    return (
        Statement(
            text="This is only an estimate from what is known today. What you owe is settled when "
            "the claim is decided: the care that you get may differ, other bills may use up your "
            "deductible first, and each payer decides by its own rules.",
        ),
        Statement(text="This is not a contract, and not a promise of any payer to pay."),
        Statement(
            text="You may be advised to have care that is not listed here, or be billed by others "
            "who take part in your care.",
        ),
    )
