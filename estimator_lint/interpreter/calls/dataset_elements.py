"""The elements of datasets, while an input function is evaluated.

A dataset is a symbolic value, the same for all datasets with elements of the same form; the form is
stored separately, by the value's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.elements import UNKNOWN_ELEMENT, Element, any_of
from estimator_lint.domain.values.provenance import AttributeOf
from estimator_lint.domain.values.values import (
    Argument,
    DictContents,
    Picture,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import spread
from estimator_lint.interpreter.calls.library_calls import library_path
from estimator_lint.interpreter.objects import dict_contents, new_dict
from estimator_lint.tensorflow_api.input_functions import (
    ITERATORS,
    MAPPED,
    MAPPED_TO_DATASETS,
    NEXT_ELEMENT,
    PARSING,
    SAME_ELEMENTS,
    makes_dataset,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator


def elements_of(ev: Evaluator, dataset: Value) -> Element | None:
    """The form of the elements of a dataset or an iterator; None for anything else."""
    return ev.elements.get(dataset.number) if isinstance(dataset, SymbolicValue) else None


def element_of(ev: Evaluator, value: Value, state: State) -> Element:
    """The form of a value, as far as it is known."""
    value = ev.resolve(value, state)
    if isinstance(value, TupleValue):
        return Element(tuple(element_of(ev, item, state) for item in value.items))
    contents = dict_contents(value, state)
    if isinstance(value, Picture) and isinstance(value.contents, DictContents):
        contents = value.contents
    if contents is None or contents.open:
        return UNKNOWN_ELEMENT
    keys = [key for key in contents.entries if isinstance(key, str)]
    return Element(keys=frozenset(keys)) if len(keys) == len(contents.entries) else UNKNOWN_ELEMENT


def value_of(ev: Evaluator, element: Element, node: cst.CSTNode, state: State) -> Value:
    """A value of that form."""
    if element.parts is not None:
        return TupleValue(tuple(value_of(ev, part, node, state) for part in element.parts))
    if element.keys is None:
        return ev.unknown(not_none=True)
    entries = {key: ev.unknown(not_none=True) for key in sorted(element.keys)}
    return new_dict(ev, node, DictContents(entries), state)


def value_of_input(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> Value | None:
    """The result of a call that makes a dataset or an iterator, takes from one, or parses.

    None if it does nothing of the kind.
    """
    path, receiver = library_path(ev, function)
    given = spread(ev, arguments, state)
    if receiver is not None:
        element = elements_of(ev, receiver)
        name = _method(ev, function)
        if element is None or name is None:
            return None
        if name in NEXT_ELEMENT:
            return value_of(ev, element, node, state)
        return _dataset(ev, _of_method(ev, element, name, given, node, state))
    if path is None or not is_tensorflow(path):
        return None
    name = _last(path)
    if name in PARSING:
        asked = _argument(given, *PARSING[name])
        element = UNKNOWN_ELEMENT if asked is None else element_of(ev, asked, state)
        return None if element.keys is None else value_of(ev, element, node, state)
    if name in ITERATORS:
        dataset = _argument(given, 0, "dataset")
        return None if dataset is None else _dataset(ev, elements_of(ev, dataset))
    return _dataset(ev, _of_source(ev, path, given, state)) if makes_dataset(path) else None


def _dataset(ev: Evaluator, element: Element | None) -> SymbolicValue | None:
    """A dataset whose elements have that form."""
    if element is None:
        return None
    dataset = ev.symbolic_value("dataset", element, not_none=True)
    ev.elements[dataset.number] = element
    return dataset


def _of_method(
    ev: Evaluator,
    element: Element,
    name: str,
    given: Arguments,
    node: cst.BaseExpression,
    state: State,
) -> Element | None:
    """The elements of the dataset that a dataset's method returns; None if it returns none."""
    if name in SAME_ELEMENTS:
        return element
    if name in MAPPED | MAPPED_TO_DATASETS:
        mapping = _argument(given, 0, "map_func")
        to_datasets = name in MAPPED_TO_DATASETS
        return _mapped(ev, element, mapping, node, state, to_datasets=to_datasets)
    return UNKNOWN_ELEMENT if name == "apply" else None


def _of_source(ev: Evaluator, path: str, given: Arguments, state: State) -> Element:
    """The elements of a dataset that is not made from a dataset."""
    match _last(path):
        case "from_tensor_slices" | "from_tensors":
            tensors = _argument(given, 0, "tensors")
            return UNKNOWN_ELEMENT if tensors is None else element_of(ev, tensors, state)
        case "zip":
            datasets = [argument.value for argument in given.positional]
            if len(datasets) == 1 and isinstance(datasets[0], TupleValue):
                datasets = list(datasets[0].items)
            parts = [elements_of(ev, ev.resolve(one, state)) for one in datasets]
            known = not given.more_positional and not given.keywords
            return Element(tuple(part or UNKNOWN_ELEMENT for part in parts)) if known else Element()
    return UNKNOWN_ELEMENT


def _mapped(
    ev: Evaluator,
    element: Element,
    mapping: Value | None,
    node: cst.BaseExpression,
    state: State,
    *,
    to_datasets: bool,
) -> Element:
    """The form of a function's result for an element, or of the elements of a returned dataset."""
    if mapping is None:
        return UNKNOWN_ELEMENT
    after = state.fork()
    parts = [element] if element.parts is None else element.parts
    arguments = [Argument(value_of(ev, part, node, after)) for part in parts]
    results = ev.call(mapping, arguments, node, after)
    if to_datasets:
        return any_of(
            elements_of(ev, ev.resolve(value, end)) or UNKNOWN_ELEMENT for value, end in results
        )
    return any_of(element_of(ev, value, end) for value, end in results)


def _argument(given: Arguments, position: int, name: str) -> Value | None:
    """An argument by its position or name; None if it is uncertain."""
    if name in given.keywords:
        return given.keywords[name].value
    return given.positional[position].value if position < len(given.positional) else None


def _method(ev: Evaluator, function: Value) -> str | None:
    origin = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
    return origin.name if isinstance(origin, AttributeOf) else None


def _last(path: str | None) -> str:
    return (path or "").rpartition(".")[2]
