"""What works on this machine, in plain words, and what to do where something does not.

`rnncourse doctor` looks at everything and starts a kernel; `doctor.show()` does the same inside a
notebook, where the kernel is the one that answers.
"""

from __future__ import annotations

from html import escape

from rnncourse.looks import AGAIN, LOOKS, Finding, fault, first_line


def examine() -> list[Finding]:
    """Look at everything, in order; a look that breaks down is a fault, never a traceback."""
    findings = []
    for look in LOOKS:
        try:
            findings.append(look())
        except Exception as error:
            topic = look.__name__.removeprefix("look_").capitalize()
            text = f"could not be examined: {first_line(error)}"
            findings.append(fault(topic, text, AGAIN))
    return findings


def verdict(findings: list[Finding]) -> str:
    """The findings in one sentence."""
    faults = sum(finding.status == "fault" for finding in findings)
    warnings = sum(finding.status == "warning" for finding in findings)
    if faults:
        return f"{faults} thing{'s'[: faults > 1]} must be mended before you begin."
    if warnings:
        return f"You can begin; {warnings} thing{'s'[: warnings > 1]} could be better."
    return "Everything works here."


MARKS = {"ok": "✓", "warning": "!", "fault": "✗"}


class Report:
    """The doctor's answer as a cell's result."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings

    def __repr__(self) -> str:
        lines = [verdict(self.findings)]
        for one in self.findings:
            lines.append(f"{MARKS[one.status]} {one.topic:<11}{one.text}")
            if one.advice:
                lines.append(f"  {'':<11}→ {one.advice}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:center"><b>{MARKS[one.status]}</b></td>'
            f'<td style="text-align:left">{escape(one.topic)}</td>'
            f'<td style="text-align:left">{escape(one.text)}'
            + (f"<br><b>{escape(one.advice)}</b>" if one.advice else "")
            + "</td></tr>"
            for one in self.findings
        )
        return f"<p><b>{escape(verdict(self.findings))}</b></p><table>{rows}</table>"


def show() -> Report:
    """What works here, for the last line of a cell. Its output differs from machine to machine."""
    return Report(examine())
