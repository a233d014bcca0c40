"""A story with a gap at its end, beside the probabilities of what may fill it."""

from matplotlib.patches import FancyBboxPatch, Rectangle

from rnncourse.draw.frames import sheet
from rnncourse.draw.layout import size_of
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import BODY, house_type, palette

LEFT, TEXT_WIDTH = 0.16, 4.15  # inches
NAMES, BARS, BAR_WIDTH = 5.35, 5.42, 1.35
LINE, ROW, BETWEEN = 0.27, 0.27, 0.34


def completions(stories, title, subtitle="", cues=(), alt=None):
    """Stories and what a network puts into their gap, one below the other.

    Parameters
    ----------
    stories : [(story, probabilities), ...]; a story's gap is written `{ }` (or it is its end), and
        probabilities is a dict from word to probability (0 to 1).
    title, subtitle : texts. ``cues`` : words written bold, such as ("girl", "she").

    Returns a ``Picture``. Raises ``ValueError`` where there is no story.
    """
    if not stories:
        raise ValueError("There is no story to draw; give a list of (story, probabilities).")
    measured = [_lines(story, cues) for story, _ in stories]
    heights = [
        max(len(lines) * LINE, (len(answers) + 1) * ROW)
        for lines, (_, answers) in zip(measured, stories, strict=True)
    ]
    body = sum(heights) + BETWEEN * (len(stories) - 1) + 0.16
    figure, ax = sheet(title, subtitle, body)
    y = body
    with house_type():
        for lines, height, (_, answers) in zip(measured, heights, stories, strict=True):
            _write(ax, lines, y)
            _bars(ax, answers, y)
            y -= height + BETWEEN
    return Picture(figure, alt or _told(stories))


def _lines(story, cues):
    """Break a story into lines of [(x, word, bold)], by measured widths; None is the gap."""
    figure, _ = sheet("", "", 1)
    space = size_of(figure, "a a", size=BODY)[0] - 2 * size_of(figure, "a", size=BODY)[0]
    words = story.split("{")[0].split()
    lines, x = [[]], 0.0
    for word in [*words, None]:
        bold = word is not None and word.strip(".,?!'\"").lower() in cues
        weight = "bold" if bold else "normal"
        width = size_of(figure, word, size=BODY, weight=weight)[0] if word else 0.5
        if x + width > TEXT_WIDTH:
            lines.append([])
            x = 0.0
        lines[-1].append((x, word, weight))
        x += width + space
    return lines


def _write(ax, lines, y):
    colours = palette()
    ink = colours.text["ink"]
    for line in lines:
        for x, word, weight in line:
            if word is None:
                box = FancyBboxPatch(
                    (LEFT + x + 0.06, y - 0.22),
                    0.4,
                    0.22,
                    boxstyle="round,pad=0,rounding_size=0.05",
                    facecolor=colours.fill["now"],
                    edgecolor=colours.fill["ink"],
                    linewidth=1.4,
                )
                ax.add_patch(box)
                ax.text(
                    LEFT + x + 0.26, y - 0.115, "?", ha="center", va="center", size=BODY, color=ink
                )
            else:
                colour = colours.text["input" if weight == "bold" else "ink"]
                ax.text(LEFT + x, y - 0.17, word, size=BODY, weight=weight, color=colour)
        y -= LINE


def _bars(ax, answers, y):
    colours = palette()
    heading = {"size": BODY, "color": colours.text["muted"], "va": "center"}
    ax.text(BARS, y - 0.12, "next word, probability", ha="center", **heading)
    likely = max(answers.values())
    plain = {"va": "center", "size": BODY, "color": colours.text["ink"]}
    for word, share in answers.items():
        y -= ROW
        weight = "bold" if share > 0.6 * likely else "normal"
        ax.text(NAMES, y - 0.12, word, ha="right", weight=weight, **plain)
        ax.add_patch(
            Rectangle((BARS, y - 0.21), BAR_WIDTH * share, 0.17, color=colours.fill["output"])
        )
        ax.plot([BARS, BARS], [y - 0.27, y + 0.02], color=colours.fill["ink"], lw=1)
        ax.text(BARS + BAR_WIDTH * share + 0.07, y - 0.12, f"{share:.2f}", **plain)


def _told(stories):
    told = []
    for story, answers in stories:
        opening = " ".join(story.split()[:4])
        shares = ", ".join(f"{word} {share:.2f}" for word, share in answers.items())
        told.append(f"“{opening} …”: {shares}")
    return "Probability of the next word. " + "; ".join(told) + "."
