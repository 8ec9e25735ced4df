"""Batches of one example, as a file writes their size."""

from __future__ import annotations

import ast

import pytest

from estimator_lint.syntax.batch_sizes import makes_batches_of_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("dataset.batch(1)", True),
        ("dataset.padded_batch(1, shapes)", True),
        ("dataset.batch(2)", False),
        ("numpy_input_fn(x, y, batch_size=1)", True),
        ("numpy_input_fn(x, y, batch_size=4)", False),
        ("tf.gather(x, y, batch_dims=1)", False),
        ("flags.DEFINE_integer('train_batch_size', 1, 'Examples.')", True),
        ("BATCH_SIZE = 1", True),
        ("self.batch_size: int = 1", True),
        ("params['batch_size'] = 1", True),
        ("params = {**others, 'batch_size': 1}", True),
        ("def input_fn(size, batch_size=1): pass", True),
        ("def input_fn(batch_size, repeats=1): pass", False),
        ("def input_fn(*, batch_size=1): pass", True),
        ("train(batch_size=32)\npredict(batch_size=1)", False),
        ("train(batch_size=params.size)\npredict(batch_size=1)", True),
        ("def input_fn(batch_size=32): pass\ninput_fn(batch_size=1)", True),
        ("dataset.batch(True)", False),
        ("BATCH, EPOCHS = 1, 2", True),
        ("EPOCHS, BATCH = 1, 2", False),
        ("N = 1\ndataset.batch(N)", True),
        ("N = 1\ndataset.repeat(N)", False),
        ("dataset.apply(tf.data.experimental.map_and_batch(parse, 1))", True),
        ("map_and_batch(parse, 8)", False),
    ],
)
def test_sizes(text: str, is_one: bool) -> None:
    assert makes_batches_of_one(list(ast.walk(ast.parse(text)))) is is_one
