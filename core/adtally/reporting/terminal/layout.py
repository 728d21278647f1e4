"""Lines of text on a console: padded, wrapped, and in ASCII where the stream has nothing better.

Everything is printed as plain text with a style beside it, so that no name is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from ..wording import shown

Part: TypeAlias = str | tuple[str, str]
"""Text, or text and its style."""

_ASCII = str.maketrans({"−": "-", "–": "-", "×": "x", "…": "~", "█": "#", "░": ".", "’": "'"})


def say(console: Console, *parts: Part) -> None:
    """Print one line; it is never wrapped, and ends without spaces."""
    line = Text()
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        line.append(encodable(text.replace("\u00a0", " "), console), style=style)
    line.rstrip()
    console.print(line, highlight=False, soft_wrap=True)


def paragraph(console: Console, lead: Sequence[Part], text: str, *, style: str = "") -> None:
    """Print ``lead`` and the text beside it, wrapped so that its lines stand under each other."""
    indent = sum(cell_len(part if isinstance(part, str) else part[0]) for part in lead)
    lines = wrapped(text, max(console.width, 40) - indent)
    for number, line in enumerate(lines or [""]):
        say(console, *(lead if number == 0 else [" " * indent]), (line, style))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells; a no-break space holds, a longer word is cut."""
    words = [piece for word in text.split(" ") if word for piece in chop_cells(word, max(width, 1))]
    lines: list[str] = []
    for word in words:
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def left(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def fit(text: str, width: int) -> str:
    """The safe text, cut in the middle if it takes more than ``width`` cells."""
    safe = shown(text)
    if cell_len(safe) <= width:
        return safe
    head, tail = safe[: (width - 3 + 1) // 2], safe[len(safe) - (width - 3) // 2 :]
    while cell_len(head) + cell_len(tail) > width - 3:
        head, tail = (head[:-1], tail) if cell_len(head) >= cell_len(tail) else (head, tail[1:])
    return f"{head}...{tail}"


def widest(texts: Iterable[str], least: int = 0) -> int:
    return max([least, *map(cell_len, texts)])


def bar(part: int, whole: int, width: int) -> str:
    """``██████░░░░``: at least one block for what is there, never full for what is not whole."""
    if whole <= 0:
        return "░" * width
    blocks = max(0, min(part, whole)) * width // whole
    blocks = max(blocks, 1) if part > 0 else blocks
    return "█" * blocks + "░" * (width - blocks)


def heading(title: str, rest: str = "") -> list[Part]:
    return [(title, "bold"), f"  {rest}"]


def encodable(text: str, console: Console) -> str:
    if console.encoding.startswith("utf"):
        return text
    plain = text.translate(_ASCII)
    return plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
