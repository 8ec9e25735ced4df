"""Damage to the value of a field, wherever it is written: mistakes that TensorFlow rejects."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator

from tests.differential import stand_in
from tests.differential.damage_to_structure import Change
from tests.differential.field_values import HOOKS, ORDER

#: Replacement expressions, each with a description of the damage.
Damaged = Iterator[tuple[str, ast.expr]]


class FieldValues:
    """The places at which values of fields are written.

    Args:
        nodes: the nodes of all definitions that may write one.
    """

    def __init__(self, nodes: Collection[ast.AST]) -> None:
        self._named: dict[str, str] = {}
        for node in nodes:
            for field, _, _, value in _written_in(node):
                if isinstance(value, ast.Name):
                    self._named.setdefault(value.id, field)

    def changes(self, node: ast.AST) -> Iterator[tuple[str, Change]]:
        """Every damage to a value that is written at ``node`` itself."""
        for field, name, index, value in (*_written_in(node), *self._assigned_in(node)):
            for kind, damaged in _damaged(field, value):
                yield f"{field}: {kind}", _put(name, index, damaged)
        for field, entry in self._entries_assigned_in(node):
            for kind, damaged in _ENTRIES[field](entry):
                yield f"{field}: {kind}", _put("value", None, damaged)

    def _assigned_in(self, node: ast.AST) -> Iterator[_Written]:
        """The displays assigned to locals that become fields."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in self._named:
                if isinstance(_as_display(value), ast.Dict | ast.List):
                    yield self._named[name], "value", None, value

    def _entries_assigned_in(self, node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=value):
                if self._named.get(name) in _ENTRIES:
                    yield self._named[name], value


#: A field, an attribute of the node, its index if that is a list, and the value there.
_Written = tuple[str, str, int | None, ast.expr]


def _written_in(node: ast.AST) -> Iterator[_Written]:
    """The values of fields in a call or a dict."""
    if isinstance(node, ast.Dict):
        for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if isinstance(key, ast.Constant) and key.value in ORDER:
                yield str(key.value), "values", index, value
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg in ORDER:
                yield keyword.arg, "keywords", index, keyword.value
        called = ast.unparse(node.func)
        if called.endswith("EstimatorSpec"):
            fields = stand_in.fields_of(call_is_tpu="TPU" in called)
            for index, (field, value) in enumerate(zip(fields, node.args, strict=False)):
                if isinstance(value, ast.Starred):
                    break
                if field in ORDER:
                    yield field, "args", index, value


def _put(name: str, index: int | None, value: ast.expr) -> Change:
    def change(node: ast.AST) -> None:
        if index is None:
            setattr(node, name, value)
        elif isinstance(node, ast.Call) and name == "keywords":
            node.keywords[index].value = value
        else:
            getattr(node, name)[index] = value

    return change


def _damaged(field: str, value: ast.expr) -> Damaged:
    """The replacements for ``value`` as the value of ``field``."""
    if isinstance(value, ast.Constant):
        return
    value = _as_display(value)
    yield "in a list", ast.List([value], ast.Load())
    if field == "train_op":
        yield from _no_step(value)
    elif field in HOOKS and isinstance(value, ast.List | ast.Tuple):
        yield from _no_hooks(value)
    elif field in _ENTRIES and isinstance(value, ast.Dict):
        for index, (key, entry) in enumerate(zip(value.keys, value.values, strict=True)):
            if key is not None:
                for kind, damaged in _ENTRIES[field](entry):
                    yield kind, _with(value, index, key, damaged)
        yield from _WHOLE[field](value)


def _as_display(value: ast.expr) -> ast.expr:
    """``dict(a=x)`` as ``{"a": x}``."""
    match value:
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words):
            names = [ast.Constant(word.arg) for word in words if word.arg is not None]
            if len(names) == len(words):
                return ast.Dict([*names], [word.value for word in words])
    return value


def _with(display: ast.Dict, index: int, key: ast.expr, entry: ast.expr) -> ast.Dict:
    keys, values = list(display.keys), list(display.values)
    keys[index], values[index] = key, entry
    return ast.Dict(keys, values)


def _no_step(value: ast.expr) -> Damaged:
    match value:
        case ast.Call(func=ast.Attribute(value=optimizer, attr="minimize"), args=[loss, *_]):
            function = ast.Attribute(optimizer, "compute_gradients", ast.Load())
            yield "gradients", ast.Call(function, [loss], [])
        case ast.Call(func=ast.Attribute(attr="apply_gradients"), args=[gradients, *_]):
            yield "gradients", gradients
        case ast.Call(func=ast.Attribute(attr="group"), args=parts):
            yield "no group", ast.List(parts, ast.Load())
        case ast.Subscript(value=whole):
            yield "no index", whole


def _no_hooks(value: ast.List | ast.Tuple) -> Damaged:
    nothing = ast.Constant(None)
    yield "with None", ast.List([*value.elts, nothing], ast.Load())
    if len(value.elts) == 1:
        yield "bare", value.elts[0]
    for index, hook in enumerate(value.elts):
        if isinstance(hook, ast.Call):
            hooks = list(value.elts)
            hooks[index] = hook.func
            yield "not called", ast.List(hooks, ast.Load())


def _no_prediction(entry: ast.expr) -> Damaged:
    yield "None in it", ast.Constant(None)
    yield "a list in it", ast.List([entry], ast.Load())
    yield "a dict in it", ast.Dict([ast.Constant("nested")], [entry])


def _no_metric(entry: ast.expr) -> Damaged:
    if isinstance(entry, ast.Constant):
        return
    pair = entry.elts if isinstance(entry, ast.Tuple) else [_item(entry, 0), _item(entry, 1)]
    yield "None in it", ast.Constant(None)
    yield "the value alone", pair[0]
    yield "the update alone", pair[-1]
    yield "a tuple of three", ast.Tuple([*pair, pair[-1]], ast.Load())
    yield "a list for the pair", ast.List([*pair], ast.Load())


def _no_export(entry: ast.expr) -> Damaged:
    yield "None in it", ast.Constant(None)
    match entry:
        case ast.Call(args=[output, *_]) | ast.Call(keywords=[ast.keyword(value=output), *_]):
            yield "what goes into it", output


def _item(value: ast.expr, index: int) -> ast.expr:
    return ast.Subscript(value, ast.Constant(index), ast.Load())


def _no_predictions(display: ast.Dict) -> Damaged:
    yield "empty", ast.Dict([], [])
    if display.keys and display.keys[0] is not None:
        yield "a number for a name", _with(display, 0, ast.Constant(0), display.values[0])


def _no_metrics(display: ast.Dict) -> Damaged:
    if len(display.values) == 1:
        yield "bare", display.values[0]


def _no_exports(display: ast.Dict) -> Damaged:
    if len(display.values) == 1:
        yield "bare", display.values[0]
        return
    for index, (key, entry) in enumerate(zip(display.keys, display.values, strict=True)):
        if key is not None:
            yield "another name", _with(display, index, ast.Constant("other"), entry)


_ENTRIES: dict[str, Callable[[ast.expr], Damaged]] = {
    "predictions": _no_prediction,
    "eval_metric_ops": _no_metric,
    "export_outputs": _no_export,
}

_WHOLE: dict[str, Callable[[ast.Dict], Damaged]] = {
    "predictions": _no_predictions,
    "eval_metric_ops": _no_metrics,
    "export_outputs": _no_exports,
}
