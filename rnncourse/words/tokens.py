"""From a string to its words: the course's one tokeniser."""

import re

# A word: letters or digits, with apostrophes between them, so "ma'am" is one word.
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_WORD_OR_END = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.?!]+")


def tokens(string: str, sentence_ends: bool = False) -> list[str]:
    """The words of a string: lower case, letters or digits with apostrophes between them.

    Punctuation, quotation marks and everything else only separates words. A typographic
    apostrophe counts as a plain one. With ``sentence_ends`` the signs that end a sentence
    are words too, each run of them one ".".

    >>> tokens("The bartender said ‘Certainly, ma’am’.")
    ['the', 'bartender', 'said', 'certainly', "ma'am"]
    >>> tokens("Really?! Yes.", sentence_ends=True)
    ['really', '.', 'yes', '.']
    """
    plain = string.lower().replace("’", "'").replace("‘", "'")
    if not sentence_ends:
        return _WORD.findall(plain)
    return ["." if word[0] in ".?!" else word for word in _WORD_OR_END.findall(plain)]
