"""What a model function creates at each call: layers, weights, metrics, optimizers.

The walk follows the statements that a mode runs, in the order of the text, and from each call of a
function of the file into that function, so that it sees what is created once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import (
    arguments_of,
    bound_arguments,
    function_of_module,
    parameter_names,
    receiver_of,
)
from estimator_lint.migration.skeleton.canned_heads import PARAMETERS
from estimator_lint.migration.skeleton.fields_by_hand import FieldsByHand
from estimator_lint.migration.skeleton.folding import Folder, mode_dependent_names
from estimator_lint.migration.skeleton.made_anew import kind_of, per_call
from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.migration.skeleton.observations import Observations, names_of
from estimator_lint.migration.skeleton.training_lines import WithoutTraining
from estimator_lint.migration.skeleton.walk_frames import Context, Frame, HelperUse, Site
from estimator_lint.syntax.nodes import children, descendants
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.name_scopes import opens_variable_scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from estimator_lint.migration.skeleton.name_paths import NamePaths
    from estimator_lint.project.code import FunctionCode, ModuleCode

#: The methods that compute gradients or apply them.
GRADIENT_METHODS = frozenset({"minimize", "compute_gradients", "apply_gradients", "get_updates"})
_GRADIENTS = frozenset({"tensorflow.gradients", "tensorflow.compat.v1.gradients"})
_SCOPE_PARAMETERS = ("name_or_scope", "default_name", "values", "initializer", "regularizer")
#: The depth to which calls are followed.
_MAX_DEPTH = 12

_FUNCTIONS = (cst.FunctionDef, cst.Lambda)


class Walk:
    """The walk through what one mode runs.

    Args:
        mode: the mode.
        code: the model function.
        observed: what evaluation saw in the mode.
        names: what the names of the file refer to.
        tests: the tests that have another outcome in another mode.
        labels: the function's name for its labels.
        receiver: for a method, the name of its ``self``.
        leaves_out_training: the lines that only train are left out.

    Attributes:
        sites: what is created, in order.
        helpers: the functions of the module that are run, and the methods of the object that the
            model function is a method of, by their definitions.
        as_none: the expressions that only train, in lines that do more.
        by_hand: the lines that only compute fields which no step returns.
        gradients: the places where gradients are computed.
        folder: of the model function.
        body: of the model function, as the mode runs it.
    """

    def __init__(
        self,
        mode: Mode,
        code: FunctionCode,
        observed: Observations,
        names: NamePaths,
        tests: Collection[cst.CSTNode],
        labels: str,
        receiver: str | None = None,
        leaves_out_training: bool = False,
    ) -> None:
        self.mode = mode
        self.observed = observed
        self.names = names
        self.sites: list[Site] = []
        self.helpers: dict[cst.CSTNode, HelperUse] = {}
        self.gradients = 0
        self.by_hand = FieldsByHand()
        self._module: ModuleCode = code.module
        self._tests = tests
        self._leaves_out_training = leaves_out_training
        self.as_none: set[cst.CSTNode] = set()
        self._scopes: set[str] = set()
        self._makes_spec: dict[cst.CSTNode, bool] = {}
        self._only_trains: dict[cst.CSTNode, bool] = {}
        self.receiver = receiver
        self._entered: list[HelperUse] = []
        self._handed_on: dict[
            cst.CSTNode, tuple[FunctionCode, Context, list[Frame], list[HelperUse]]
        ] = {}
        self._seen: set[cst.CSTNode] = set()
        starts = {"mode", labels} & {one.name for one in code.parameters}
        self.folder = Folder(observed, mode_dependent_names(code.node.body, starts), tests)
        self.body = self._folded(code, self.folder)
        self.frame = Frame(code, self.folder, None, {}, self.body)
        self._frames: list[Frame] = [self.frame]
        self._block(self.body, Context(self.frame))
        for node, (function, context, frames, entered) in list(self._handed_on.items()):
            if node not in self._seen:
                self._frames, self._entered = frames, entered
                self._enter(function, None, context)

    def _folded(self, code: FunctionCode, folder: Folder) -> cst.IndentedBlock:
        """The lines of a function that the mode runs."""
        body = folder.function_body(code.node)
        body = self.by_hand.without(body, self.observed.specs, self.mode)
        folder.included -= self.by_hand.left_out
        if not self._leaves_out_training or self._function_only_trains(code):
            return body  # a function that only trains is passed on and never called
        without = WithoutTraining(self)
        body = without.function_body(body)
        folder.included -= without.left_out
        self.as_none |= without.as_none
        return body

    def trains(self, call: cst.Call) -> bool:
        """Whether a call does nothing but train."""
        code = self.observed.function(call)
        if code is None:
            return self.takes_gradients_at(call, self._path(call))
        return self._function_only_trains(code)

    def _function_only_trains(self, code: FunctionCode) -> bool:
        node = code.node
        if node not in self._only_trains:
            self._only_trains[node] = False  # while a function that calls itself is looked at
            if any(self.trains(each) for each in _calls_in(node)):
                without = WithoutTraining(self)
                without.function_body(Folder(self.observed, frozenset(), ()).function_body(node))
                self._only_trains[node] = all(without.returns)
        return self._only_trains[node]

    def makes_spec(self, call: cst.Call) -> bool:
        """Whether a call builds a spec, or is one of a function that does."""
        if call in self.observed.specs or call in self.observed.heads:
            return True
        code = self.observed.function(call)
        if code is None:
            return False
        if code.node not in self._makes_spec:
            self._makes_spec[code.node] = False
            self._makes_spec[code.node] = any(map(self.makes_spec, _calls_in(code.node)))
        return self._makes_spec[code.node]

    def is_of_library(self, call: cst.Call) -> bool:
        """Whether a call is that of a library function, and builds no spec."""
        return self._path(call) is not None and not self.makes_spec(call)

    def arguments(self, call: cst.Call) -> Sequence[cst.BaseExpression]:
        """The arguments of a call, without those of a spec that the step of the mode drops."""
        return list(self._used_arguments(call))

    def _path(self, call: cst.Call) -> str | None:
        return self.observed.path(call) or self.names.path(call.func)

    # Statements

    def _block(self, body: cst.BaseSuite, context: Context) -> None:
        for statement in body.body:
            self._statement(statement, context)

    def _statement(self, node: cst.CSTNode, context: Context) -> None:
        match node:
            case cst.If(test=test, body=body, orelse=orelse):
                self._expression(test, context)
                self._block(body, context.guarded(test, True))
                if orelse is not None:
                    inner = context.guarded(test, False)
                    if isinstance(orelse, cst.If):
                        self._statement(orelse, inner)
                    else:
                        self._block(orelse.body, inner)
            case cst.For(iter=iterated, body=body):
                self._expression(iterated, context)
                loops = (*context.loops, (node, context.frame))
                self._block(body, replace(context, loops=loops))
            case cst.With(items=items) if self._reuses_variables(items):
                inner = context.obstructed("in a scope that reuses variables")
                self._parts(node, inner)
            case cst.While(test=test, body=body):
                self._expression(test, context)
                self._block(body, context.obstructed("in each round of a loop"))
            case cst.FunctionDef() | cst.ClassDef():
                pass
            case cst.Match(subject=subject, cases=cases):
                self._expression(subject, context)
                for case in cases:
                    self._block(case.body, context.obstructed("in some cases of a match"))
            case cst.BaseCompoundStatement():
                self._parts(node, context)
            case cst.Else() | cst.Finally() | cst.ExceptHandler() | cst.ExceptStarHandler():
                self._block(node.body, context)
            case _:
                self._expression(node, context)

    def _parts(self, node: cst.BaseCompoundStatement, context: Context) -> None:
        for child in children(node):
            if isinstance(child, cst.BaseSuite):
                self._block(child, context)
            else:
                self._statement(child, context)

    def _reuses_variables(self, items: Sequence[cst.WithItem]) -> bool:
        """Whether a scope has variables that another one made; AUTO_REUSE if it is opened again."""
        for call in (item.item for item in items):
            if not isinstance(call, cst.Call) or not opens_variable_scope(self._path(call) or ""):
                continue
            given = bound_arguments(call, _SCOPE_PARAMETERS) or {}
            reuse = given.get("reuse")
            if isinstance(reuse, cst.Name) and reuse.value == "True":
                return True
            name = code_of(given[_SCOPE_PARAMETERS[0]]) if _SCOPE_PARAMETERS[0] in given else ""
            if name in self._scopes and reuse is not None:
                return True
            self._scopes.add(name)
        return False

    def _expression(self, node: cst.CSTNode, context: Context) -> None:
        if node in self.as_none:
            return
        match node:
            case cst.Call():
                self._call(node, context)
            case cst.IfExp(test=test, body=body, orelse=orelse):
                outcome = context.frame.folder.decided(test)
                self._expression(test, context)
                if outcome is not False:
                    self._expression(body, context)
                if outcome is not True:
                    self._expression(orelse, context)
            case cst.Lambda():
                names = set(parameter_names(node.params))
                self._expression(node.body, replace(context, dynamic=context.dynamic | names))
            case cst.BaseComp():
                inner = context.obstructed("for each item of a comprehension")
                for child in children(node):
                    self._expression(child, inner)
            case cst.Attribute(value=value):
                self._expression(value, context)
            case cst.Name():
                self._reference(node, context)
            case _:
                for child in children(node):
                    self._expression(child, context)

    def _reference(self, node: cst.Name, context: Context) -> None:
        """A function that is passed on: assumed to be called once, with unknown arguments."""
        code = self._function_named(node.value, context.frame)
        if code is not None and code.node not in self._handed_on:
            self._handed_on[code.node] = code, context, [*self._frames], [*self._entered]

    def _function_named(self, name: str, frame: Frame) -> FunctionCode | None:
        """The function of the file that a name refers to, if it is one."""
        around: Frame | None = frame
        while around is not None:
            if name in around.code.local_names:
                bindings = around.code.bindings[name]
                node = bindings[0].node
                if len(bindings) == 1 and isinstance(node, cst.FunctionDef):
                    return self._module.function_at(node, around.code.piece)
                return None
            around = around.parent
        return function_of_module(self._module, name)

    # Calls

    def _call(self, node: cst.Call, context: Context) -> None:
        code = self.observed.function(node)
        if code is None and node not in self.observed.called and isinstance(node.func, cst.Name):
            # In a function that is not called here, such as one passed to a head.
            code = self._function_named(node.func.value, context.frame)
        path = self._path(node)
        if node in self.observed.specs or node in self.observed.heads:
            for use in self._entered:
                use.makes_spec = True
        if self.takes_gradients_at(node, path) or self._head_trains(node):
            self.gradients += self.observed.method(node) != "apply_gradients"
            for use in self._entered:
                use.takes_gradients = True
        kind = None if path is None else kind_of(path)
        if kind is None or path is None:
            if not isinstance(node.func, cst.Name):
                self._expression(node.func, context)
            for value in self._used_arguments(node):
                self._expression(value, context)
        else:
            for value in per_call(node, kind, path):
                self._expression(value, context)
            for use in self._entered:
                use.makes_state = True
            self.sites.append(Site(node, kind, path, context))
        if code is not None and code.module is self._module:
            if code.owner is None or self.calls_method_of_receiver(node, context.frame):
                self._enter(code, node, context)

    def _used_arguments(self, node: cst.Call) -> Iterator[cst.BaseExpression]:
        """The arguments of a call; for a spec, without those that the step of the mode drops."""
        parameters: Sequence[str] = ()
        if node in self.observed.specs:
            parameters = self.observed.specs[node].fields
        elif node in self.observed.heads:
            parameters = PARAMETERS
        given = bound_arguments(node, parameters) if parameters else None
        if given is None or self.mode is Mode.TRAIN:
            yield from (argument.value for argument in node.args)
            return
        for name, value in given.items():
            if name not in ("train_op", "train_op_fn", "optimizer"):
                yield value

    def _head_trains(self, node: cst.Call) -> bool:
        """Whether a call has a head take a step with an optimizer."""
        if node not in self.observed.heads or self.mode is not Mode.TRAIN:
            return False
        return "optimizer" in (bound_arguments(node, PARAMETERS) or {})

    def calls_method_of_receiver(self, node: cst.Call, frame: Frame) -> bool:
        """Whether a call is that of a method of the object that the model function is of."""
        code = frame.code
        receiver = self.receiver if code is self.frame.code else receiver_of(code)
        return (
            receiver is not None
            and isinstance(node.func, cst.Attribute)
            and isinstance(node.func.value, cst.Name)
            and node.func.value.value == receiver
        )

    def takes_gradients_at(self, node: cst.Call, path: str | None) -> bool:
        """Whether a call computes gradients for which a tape is needed."""
        if self.observed.method(node) in GRADIENT_METHODS:
            return True
        return self.mode is Mode.TRAIN and path in _GRADIENTS

    def _enter(self, code: FunctionCode, call: cst.Call | None, context: Context) -> None:
        """Enter a function of the file; ``call`` is None if it is not called here."""
        stack = [frame.code.node for frame in self._frames]
        if code.node in stack or len(stack) > _MAX_DEPTH or isinstance(code.node, cst.Lambda):
            return
        around = [node for node in code.piece.around(code.node) if isinstance(node, _FUNCTIONS)]
        parents = [frame for frame in self._frames if frame.code.node in around]
        if around and not parents:
            return  # it is next to the model function, in a function that defines both
        self._seen.add(code.node)
        given = None if call is None else arguments_of(call, code)
        starts = {
            name
            for name, value in (given or {}).items()
            if names_of(value) & context.frame.folder.names
        }
        starts |= parents[-1].folder.names if parents else set()
        folder = Folder(self.observed, mode_dependent_names(code.node.body, starts), self._tests)
        arguments = {name: (value, context.frame) for name, value in (given or {}).items()}
        frame = Frame(
            code,
            folder,
            parents[-1] if parents else None,
            arguments,
            self._folded(code, folder),
        )
        inner = replace(context, frame=frame)
        if call is not None and given is None:
            inner = inner.obstructed(f"at each call of '{code.name}'")
        use: HelperUse | None = None
        if not parents:
            use = self.helpers.setdefault(code.node, HelperUse(code, folder, frame.body))
            use.calls.append(call)
            self._entered.append(use)
        self._frames.append(frame)
        self._block(frame.body, inner)
        self._frames.pop()
        if use is not None:
            self._entered.pop()


def _calls_in(node: cst.CSTNode) -> Iterator[cst.Call]:
    return (each for each in descendants(node) if isinstance(each, cst.Call))
