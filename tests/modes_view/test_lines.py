"""Which lines a mode never runs."""

from __future__ import annotations

import pytest

from estimator_lint.modes_view.wording import lines_text, ranges
from estimator_lint.tensorflow_api.modes import Mode
from tests.modes_view.test_fields import ABOVE, viewed

#: Each line that some modes never run ends in a comment with these modes.
SOURCES = {
    "branches": """
        def model_fn(features, labels, mode, params):
            if mode == TRAIN:

                # about the loss
                loss = features  # EVAL PREDICT

            elif mode == EVAL:  # TRAIN
                loss = None  # TRAIN PREDICT
            else:  # TRAIN EVAL
                if params["a"]:  # TRAIN EVAL
                    loss = 1; loss = 2  # TRAIN EVAL
            # about the spec
            return Spec(mode, features, features, features)
    """,
    "behind what ends a path": """
        def model_fn(features, labels, mode, params):
            if mode == TRAIN: return Spec(mode, features, features, features)
            if mode == EVAL:  # TRAIN
                raise ValueError(  # TRAIN PREDICT
                    "not now")  # TRAIN PREDICT
            print(undefined, loss)  # TRAIN EVAL
            loss = 1  # TRAIN EVAL PREDICT
    """,
    "loops, with, try": """
        def model_fn(features, labels, mode, params):
            while mode == TRAIN:
                print(1)  # EVAL PREDICT
                break  # EVAL PREDICT
            else:  # TRAIN
                print(2)  # TRAIN
            for name in ():
                print(3)  # TRAIN EVAL PREDICT
            with tf.name_scope(
                    "scope"):
                print(4)
            try:
                if mode == PREDICT:
                    raise KeyError  # TRAIN EVAL
                value = 1  # PREDICT
            except KeyError:  # TRAIN EVAL
                value = 2  # TRAIN EVAL
            else:  # PREDICT
                value = 3  # PREDICT
            finally:
                print(value)
            return Spec(mode, features, features, features)
    """,
    "match": """
        def model_fn(features, labels, mode, params):
            match mode:
                case "train":  # EVAL PREDICT
                    print(1)  # EVAL PREDICT
                case _:  # TRAIN
                    print(2)  # TRAIN
            return Spec(mode, features, features, features)
    """,
    "nested functions": """
        def model_fn(features, labels, mode, params):
            @decorator
            def decorated():
                print(0)
            def never_called():
                print(1)  # TRAIN EVAL PREDICT
            def called(
                    flag):
                if flag:  # EVAL PREDICT
                    return 1  # EVAL PREDICT
                return 2  # TRAIN EVAL PREDICT
            def handed_on():
                print(3)  # TRAIN PREDICT
            class Inside:
                def method(self):
                    print(4)
            if mode == TRAIN:
                called(True)  # EVAL PREDICT
            if mode == EVAL:
                unknown(handed_on)  # TRAIN PREDICT
            if mode == PREDICT:
                def only_here():  # TRAIN EVAL
                    print(5)  # TRAIN EVAL
                only_here()  # TRAIN EVAL
            return Spec(mode, features, features, features)
    """,
    "other functions of the file": """
        def model_fn(features, labels, mode, params):
            return spec(mode, features, mode == TRAIN)
        def spec(mode, features, is_training):
            if is_training:
                print(1)  # EVAL PREDICT
            return Spec(mode, features, features, features)
        class Unused:
            def method(self):
                print(2)
    """,
}


@pytest.mark.parametrize("name", SOURCES)
def test_lines_never_run(name: str) -> None:
    source = SOURCES[name]
    function = viewed(source)
    marked: dict[Mode, set[int]] = {mode: set() for mode in Mode}
    text = source.strip("\n").splitlines()
    for number, line in enumerate(text, ABOVE + 1):
        for word in line.partition("  # ")[2].split():
            if word in Mode.__members__:
                marked[Mode[word]].add(number)
    for mode, view in function.modes.items():
        # Blank lines and comments belong to the code around them.
        never = {line for line in view.never_run if _is_code(text[line - ABOVE - 1])}
        assert (mode, sorted(never)) == (mode, sorted(marked[mode]))


def _is_code(line: str) -> bool:
    return bool(line.split("#")[0].strip())


def test_a_comment_goes_with_what_is_below_it() -> None:
    function = viewed(SOURCES["branches"])
    assert {3, 4, 5} <= {line - ABOVE for line in function.modes[Mode.EVAL].never_run}
    assert {12, 13}.isdisjoint(line - ABOVE for line in function.modes[Mode.EVAL].never_run)


def test_only_functions_that_are_run_are_shown() -> None:
    function = viewed(SOURCES["other functions of the file"])
    assert [part.name for part in function.parts] == ["model_fn", "spec"]


def test_ranges() -> None:
    assert ranges([7, 3, 4, 5]) == [(3, 5), (7, 7)]
    assert lines_text({7, 3, 4, 5}) == "3-5, 7"
    assert lines_text(()) == ""
