"""Which files may hold model functions, by their text alone.

All that a run needs which meets none: it imports nothing of what looks into a file.
"""

from __future__ import annotations

import functools
import re

from estimator_lint.settings import Settings


def may_hold_model_functions(text: str, settings: Settings) -> bool:
    """A test of the bare text that is never wrong when it says no.

    Python takes no UTF-16, in which ASCII characters have zeros between them; that is to be said.
    """
    text = text.replace("\0", "")
    return any(word in text for word in _telling_words(settings)) or (
        "tensorflow" in text
        and (
            "Estimator" in text
            or "ModelFnOps" in text
            or settings.tensorflow_version is not None  # judges all uses of TensorFlow
        )
    )


@functools.lru_cache(maxsize=8)
def _telling_words(settings: Settings) -> tuple[str, ...]:
    """Words one of which occurs with any model function of that name or decorator."""
    words = {max(re.split(r"[*?\[\]!]", glob), key=len) for glob in settings.model_fn_globs}
    words |= {*settings.decorators}
    # A word that contains another one can't occur without it.
    return tuple(
        sorted(word for word in words if not any(each != word and each in word for each in words))
    )
