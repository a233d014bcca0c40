"""The one exception that is meant for the learner's eyes."""


class Trouble(Exception):
    """Something that the learner can understand and mend; `str(trouble)` is one sentence."""
