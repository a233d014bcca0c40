"""A message as a panel in the notebook, in the light and the dark theme, and the failing check.

In a notebook with HTML a failed check first shows its panel and then raises `NotYet`; the
panel's style hides the error strip that follows it, which holds the same message as text
for terminals, nbconvert and nbgrader.
"""

from __future__ import annotations

import re
import sys
from html import escape

from .message import SIGNS, Message, Row

ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]'  # so JupyterLab marks error outputs
STYLE = f"""<style>
.rnncourse-panel {{ --rc-ink: var(--jp-content-font-color1, #1f2328);
  --rc-soft: var(--jp-content-font-color2, #5f6770); --rc-ground: #f4f5f7;
  --rc-line: var(--jp-border-color1, #c9ced4); --rc-rule: #5f6770; --rc-head: var(--rc-ink);
  --rc-tint: #fff2b8; --rc-under: #8f5f00;
  max-width: 60em; margin: 2px 0; padding: 8px 16px 10px; border-left: 5px solid var(--rc-rule);
  background: var(--rc-ground); color: var(--rc-ink); line-height: 1.45;
  font-family: var(--jp-content-font-family, system-ui, sans-serif); font-size: 14px; }}
.rnncourse-panel.rc-right {{ --rc-rule: #0072b2; --rc-head: #005e94; }}
[data-jp-theme-light="false"] .rnncourse-panel {{ --rc-rule: #a2a9b2; --rc-ground: #20252c;
  --rc-tint: #4a3d12; --rc-under: #f0b02e; }}
[data-jp-theme-light="false"] .rnncourse-panel.rc-right {{ --rc-rule: #4fa8e0;
  --rc-head: #86ccf2; }}
.rnncourse-panel p {{ margin: 6px 0 0; }}
.rnncourse-panel .rc-head {{ margin: 0; font-weight: 700; color: var(--rc-head); }}
.rnncourse-panel .rc-sign {{ margin-right: 10px; }}
.rnncourse-panel .rc-soft {{ color: var(--rc-soft); }}
div.rnncourse-panel p code {{ background: none !important; }}
.rnncourse-panel code, .rnncourse-panel table {{ font-family: var(--jp-code-font-family, monospace);
  font-size: 13px; background: none; color: inherit; padding: 0; }}
.rnncourse-panel .rc-call code {{ margin-left: 12px; }}
.rnncourse-panel table {{ display: block; overflow-x: auto; border: 0; border-collapse: collapse;
  margin: 6px 0 0; }}
.rnncourse-panel tr {{ background: none !important; }}
div.rnncourse-panel th, div.rnncourse-panel td {{ padding: 1px 9px; border: 0; text-align: right;
  font-weight: 400;  white-space: pre; }}
div.rnncourse-panel th {{ padding-left: 0; text-align: left !important; color: var(--rc-soft);
  font-family: var(--jp-content-font-family, system-ui, sans-serif); font-size: 14px; }}
.rnncourse-panel td.rc-note, .rnncourse-panel tr.rc-axis td {{ color: var(--rc-soft); }}
div.rnncourse-panel td.rc-differs {{ font-weight: 700; background: var(--rc-tint);
  border-bottom: 2px solid var(--rc-under); }}
.rnncourse-panel .rc-pill {{ border: 1px solid var(--rc-line); border-radius: 14px;
  padding: 2px 12px; margin-right: 10px; }}
.rnncourse-panel ol {{ list-style: lower-alpha; margin: 6px 0 0; }}
.jp-OutputArea-child:has(.rc-not-yet) + .jp-OutputArea-child:has({ERROR}) {{ display: none; }}
</style>"""


class Panel:
    """A message that shows itself: HTML in a notebook, text elsewhere. It holds no number."""

    def __init__(self, message: Message):
        self.message = message

    def __repr__(self) -> str:
        return self.message.text()

    def _repr_html_(self) -> str:
        return html(self.message)


class NotYet(Exception):
    """A failed check. Its text is the whole message, and its traceback is that text alone."""

    def __init__(self, message: Message | str):
        self.message = Message(message) if isinstance(message, str) else message
        super().__init__(self.message.text())

    def _render_traceback_(self, *args, **kwargs) -> list[str]:
        return str(self).split("\n")


class NoSuchExercise(AttributeError):
    """A name that no exercise has; shown as its sentence alone."""

    def _render_traceback_(self, *args, **kwargs) -> list[str]:
        return [str(self)]


def show(message: Message) -> None:
    """Show a panel now, where there is a notebook with HTML; elsewhere do nothing."""
    if in_notebook():
        from IPython.display import display

        display({"text/html": html(message), "text/plain": ""}, raw=True)


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def html(message: Message) -> str:
    """The message as HTML that brings its own style."""
    kind = {"right": "rc-right", "not yet": "rc-not-yet"}.get(message.tone, "rc-aside")
    sign = f'<span class="rc-sign" aria-hidden="true">{SIGNS[message.tone]}</span> '
    parts = [f'<p class="rc-head">{sign}{rich(message.headline)}</p>']
    if message.call:
        call = escape(message.call)
        parts.append(
            f'<p class="rc-call"><span class="rc-soft">called with</span> <code>{call}</code></p>'
        )
    if message.table:
        rows = "".join(_table_row(row, _width(message.table)) for row in message.table)
        parts.append(f"<table><tbody>{rows}</tbody></table>")
    parts += [f"<p>{rich(sentence)}</p>" for sentence in message.body]
    if message.options:
        items = "".join(f"<li>{rich(text)}</li>" for _, text in message.options)
        parts.append(f"<ol>{items}</ol>")
    if message.next:
        parts.append(f"<p><strong>Next:</strong> {rich(message.next)}</p>")
    if message.nudge:
        parts.append(
            '<p class="rc-soft"><span class="rc-pill">3 hints '
            '<span aria-hidden="true">○○○</span></span> '
            f"for a nudge, run <code>check.{escape(message.nudge)}.hint()</code></p>"
        )
    return f'{STYLE}<div class="rnncourse-panel {kind}" role="status">{"".join(parts)}</div>'


def _width(rows: tuple[Row, ...]) -> int:
    return max(len(row.cells) for row in rows)


def _table_row(row: Row, width: int) -> str:
    cells = []
    for i, cell in enumerate(row.cells):
        differs = i < len(row.marks) and row.marks[i]
        shown = escape(cell)
        cells.append(f'<td class="rc-differs">{shown}</td>' if differs else f"<td>{shown}</td>")
    cells += ["<td></td>"] * (width - len(row.cells))
    note = f'<td class="rc-note">{escape(row.note)}</td>'
    kind = ' class="rc-axis"' if row.muted else ""
    return f'<tr{kind}><th scope="row">{escape(row.label)}</th>{"".join(cells)}{note}</tr>'


def rich(sentence: str) -> str:
    """A sentence as HTML: `code` and **bold** are marked up, everything else is text."""
    safe = escape(sentence)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
