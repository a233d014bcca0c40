"""Every data set that the course uses, ready without the internet.

- `data.series`: two measured time series, sunspots and carbon dioxide.
- `data.text`: two collections of real English text, as words or as characters.
- `data.speech`: spoken digits in many voices, and the functions that turn sound into features.
- `data.teaser`: the small trained network of lesson 00 and its stories.
- `data.bar`: stories of the bar, which addresses agree with them, and networks trained on them.
- `data.planted`: a made-up language whose statistics are known, for word vectors.
- `data.tasks`: the classic tasks of memory, made afresh from a seed.
- `data.results(name)`: what long experiments gave, stored so that a lesson need not repeat them.

Sequences have the shape `(T, features)`: time runs down the rows. NumPy is all that is needed;
only the sample of Wikipedia loads gensim, when it is asked for.
"""

from rnncourse.data import bar, planted, series, speech, tasks, teaser, text
from rnncourse.data._results import results

__all__ = ["bar", "planted", "results", "series", "speech", "tasks", "teaser", "text"]
