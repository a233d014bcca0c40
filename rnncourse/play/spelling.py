"""What to say of a word that is not known: the known words that look most like it."""

from difflib import get_close_matches

FEW = 4


def unknown_told(missing, known, where):
    """One sentence on words that are not known.

    Parameters: ``missing``, one or more words; ``known``, all known ones; ``where``, who does not
    know them, as "this network".
    """
    named = ", ".join(f"“{word}”" for word in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    verb = "is" if len(missing) == 1 else "are"
    close = [word for one in missing[:3] for word in alike(one, known)]
    close = list(dict.fromkeys(close))[:FEW]
    hint = f"; near in spelling: {', '.join(close)}" if close else ""
    return f"{named}{more} {verb} not among the {len(known):,} words of {where}{hint}."


def alike(word, known):
    """Up to four known words that begin with these letters, or else look most like them."""
    begin = [other for other in known if other.startswith(word)]
    if begin and len(word) > 1:
        return sorted(begin, key=len)[:FEW]
    near = [other for other in known if abs(len(other) - len(word)) <= 2]
    return get_close_matches(word, near, FEW, 0.6)
