"""The class: ``__init__``, the steps, and the methods that functions of the file become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import receiver_of
from estimator_lint.migration.skeleton.folding import above
from estimator_lint.migration.skeleton.made_at_calls import Walk
from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.once_made import Attribute, in_order, unused
from estimator_lint.migration.skeleton.remarks import comment_lines
from estimator_lint.migration.skeleton.skeleton_plan import Plan
from estimator_lint.migration.skeleton.step_results import MEAN_LOSS
from estimator_lint.migration.skeleton.step_rewriting import StepRewriter
from estimator_lint.migration.skeleton.tape import under_tape
from estimator_lint.migration.skeleton.walk_frames import HelperUse
from estimator_lint.project.code import FunctionCode
from estimator_lint.syntax.nodes import descendants
from estimator_lint.tensorflow_api.modes import Mode

#: The step of each mode.
STEPS: Mapping[Mode, str] = {
    Mode.TRAIN: "train_step",
    Mode.EVAL: "test_step",
    Mode.PREDICT: "predict_step",
}
#: The method that runs the step, for comments.
_CALLED_BY = {Mode.TRAIN: "fit", Mode.EVAL: "evaluate", Mode.PREDICT: "predict"}


@dataclass(frozen=True)
class InitParameter:
    """An argument of ``__init__`` that the function had from elsewhere.

    Attributes:
        name: in the function and in ``__init__``.
        attribute: the model's attribute for it.
        default: its default as text; None if it has none.
    """

    name: str
    attribute: str
    default: str | None = None


@dataclass
class ModelClass:
    """The parts from which the class is written.

    Attributes:
        name: of the class.
        plan: the decisions about it.
        code: the model function.
        walks: what each mode that has a step runs.
        parameters: the arguments of ``__init__``.
        labels: the function's name for its labels.
        unwritten: the modes that have no step.
    """

    name: str
    plan: Plan
    code: FunctionCode
    walks: Mapping[Mode, Walk]
    parameters: Sequence[InitParameter]
    labels: str
    unwritten: Sequence[Mode] = ()
    remarks: list[str] = field(default_factory=list)

    def node(self, root: str) -> cst.ClassDef:
        """The class; ``root`` is the name of TensorFlow."""
        steps = [self._step(mode, walk, root) for mode, walk in self.walks.items()]
        helpers = list(self._helpers(root))
        methods = [*helpers, *self._head_methods(root), *steps]
        helpers = methods[: len(methods) - len(steps)]
        if Mode.PREDICT in self.walks:
            methods.insert(len(helpers), self._call())
        read = set().union(*(_self_attributes(each) for each in methods))
        first = self._init(read)
        body: list[cst.BaseStatement] = [
            *self._docstring(),
            *(above(each, [_EMPTY]) for each in (first, *methods)),
        ]
        if not self._docstring():
            body[0] = first
        header = [line for text in self.remarks for line in comment_lines(text)]
        node = cst.parse_statement(f"class {self.name}(keras.Model):\n    pass\n")
        assert isinstance(node, cst.ClassDef)
        return node.with_changes(
            body=cst.IndentedBlock(body, footer=list(self._footer())), leading_lines=header
        )

    def _docstring(self) -> list[cst.BaseStatement]:
        for walk in self.walks.values():
            if is_docstring(walk.body.body[0]):
                statement = walk.body.body[0]
                assert isinstance(statement, cst.BaseStatement)
                return [statement]
        return []

    # __init__

    def _init(self, read: set[str]) -> cst.FunctionDef:
        required = [each.name for each in self.parameters if each.default is None]
        optional = [
            f"{each.name}={each.default}" for each in self.parameters if each.default is not None
        ]
        rest = unused("kwargs", [each.name for each in self.parameters])
        signature = ", ".join(["self", *required, *optional, f"**{rest}"])
        lines = [f"super().__init__(**{rest})"]
        made = self.plan.made
        for each in self.parameters:
            if each.attribute in read:
                lines.append(f"self.{each.attribute} = {each.name}")
        alone = self.plan.optimizer == "self.optimizer"
        optimizers = made.of_kind("optimizer") if alone else []
        attributes = [each for each in made.attributes if each not in optimizers]
        statements: list[cst.BaseStatement] = [cst.parse_statement(line) for line in lines]
        for guards, group in in_order(attributes):
            statements += _made(guards, group)
        for head in self.plan.heads[:1]:
            for name, text in head.metrics.items():
                statements.append(cst.parse_statement(f"self.{name} = {text}"))
        if "mean loss" in self.plan.uses:
            statements.append(cst.parse_statement(f"self.{MEAN_LOSS} = keras.metrics.Mean()"))
        statements += self._compiled(optimizers)
        return _method(f"def __init__({signature}):", statements)

    def _compiled(self, optimizers: Sequence[Attribute]) -> Iterator[cst.BaseStatement]:
        """The ``compile`` call; without XLA, as steps may use ops that it does not compile."""
        todos: list[str] = []
        argument = ""
        if optimizers:
            argument = f"optimizer={optimizers[0].construction.text}, "
            todos = list(optimizers[0].construction.todos)
        elif Mode.TRAIN in self.walks and not self.plan.made.of_kind("optimizer"):
            todos = ["give compile() the optimizer of the function"]
        lines = [line for todo in todos for line in comment_lines(todo)]
        yield above(cst.parse_statement(f"self.compile({argument}jit_compile=False)"), lines)

    # Steps

    def _call(self) -> cst.FunctionDef:
        return _method(
            "def call(self, inputs, training=False):",
            [cst.parse_statement("return self.predict_step(inputs)")],
        )

    def _step(self, mode: Mode, walk: Walk, root: str) -> cst.FunctionDef:
        self.plan.with_field = walk.by_hand.with_field
        self.plan.as_none = walk.as_none
        rewriter = StepRewriter(self.plan, walk.observed, self.code, mode, walk.folder)
        body = walk.body.visit(rewriter)
        assert isinstance(body, cst.IndentedBlock)
        statements = [each for each in body.body if isinstance(each, cst.BaseStatement)]
        if statements and is_docstring(walk.body.body[0]):
            del statements[0]
        if mode is Mode.TRAIN:
            plain = statements
            several = walk.gradients > 1
            statements = under_tape(statements, self.plan.tape, root, persistent=several)
            if plain == statements and not walk.gradients:
                statements = _without_gradients(statements)
        preamble = [cst.parse_statement(text) for text in self._preamble(mode, statements)]
        if not statements:
            statements = [cst.parse_statement("return {}")]
        return _method(f"def {STEPS[mode]}(self, data):", [*preamble, *statements], body.footer)

    def _preamble(self, mode: Mode, statements: Sequence[cst.CSTNode]) -> Iterator[str]:
        """The lines that bind the function's parameters."""
        read = set().union(*(_names(each) for each in statements)) if statements else set()
        names = {each.name for each in self.code.parameters}
        features = "features" if "features" in names & read else "_"
        with_labels = self.labels in names & read and mode is not Mode.PREDICT
        labels = self.labels if with_labels else "_"
        if features != "_" or labels != "_":
            yield f"{features}, {labels}, _ = keras.utils.unpack_x_y_sample_weight(data)"
        if mode is Mode.PREDICT and self.labels in names & read:
            yield f"{self.labels} = None"
        if "mode" in names & read:
            yield f'mode = "{mode.value}"'
        for each in self.parameters:
            if each.name in read:
                yield f"{each.name} = self.{each.attribute}"

    def _head_methods(self, root: str) -> Iterator[cst.FunctionDef]:
        """The methods of the canned head."""
        for head in self.plan.heads[:1]:
            for text in head.methods_for(root):
                method = cst.parse_statement(text)
                assert isinstance(method, cst.FunctionDef)
                yield method

    # Functions of the file

    def _helpers(self, root: str) -> Iterator[cst.FunctionDef]:
        written: set[str] = set()
        for mode, walk in self.walks.items():
            for node, use in walk.helpers.items():
                method = self.plan.methods.get(node)
                if method is None:
                    continue
                name = method.names.get(mode) or method.names.get(None)
                if name is None or name in written:
                    continue
                written.add(name)
                shared = None in method.names
                tape = method.takes_tape(mode)
                yield self._helper(use, name, None if shared else mode, walk, tape)

    def _helper(
        self, use: HelperUse, name: str, mode: Mode | None, walk: Walk, takes_tape: bool
    ) -> cst.FunctionDef:
        node = use.code.node
        assert isinstance(node, cst.FunctionDef)
        self.plan.with_field = walk.by_hand.with_field
        self.plan.as_none = frozenset() if mode is None else walk.as_none
        observed = walk.observed if mode is not None else merged(self.walks.values())
        folder = use.folder if mode is not None else None
        rewriter = StepRewriter(self.plan, observed, use.code, mode, folder)
        if mode is not None:
            node = node.with_changes(body=use.body)
        result = node.visit(rewriter)
        if isinstance(result, cst.FlattenSentinel):
            result = next(iter(result))
        assert isinstance(result, cst.FunctionDef)
        words = ["self", self.plan.tape] if takes_tape else ["self"]
        first = [cst.Param(cst.Name(word)) for word in words]
        parameters = result.params
        if receiver_of(use.code) is not None:
            key = "posonly_params" if parameters.posonly_params else "params"
            rest = getattr(parameters, key)[1:]
            parameters = parameters.with_changes(**{key: rest})
        if parameters.posonly_params:
            given = {"posonly_params": [*first, *parameters.posonly_params]}
        else:
            given = {"params": [*first, *parameters.params]}
        return result.with_changes(
            name=cst.Name(name), params=parameters.with_changes(**given), leading_lines=()
        )

    # Code without a step

    def _footer(self) -> Iterator[cst.EmptyLine]:
        texts = list(self._unreached())
        for mode in self.unwritten:
            yield _EMPTY
            yield from comment_lines(
                f"the function does not say what it does in {mode.name}: write"
                f" {STEPS[mode]} if the model is to {_CALLED_BY[mode]}"
            )
        if texts:
            yield _EMPTY
            yield from comment_lines("no step runs these lines:")
            for text in texts:
                for line in text.splitlines():
                    yield cst.EmptyLine(comment=cst.Comment(f"#   {line}".rstrip()))

    def _unreached(self) -> Iterator[str]:
        folders = [walk.folder for walk in self.walks.values()]
        yield from _left_out(self.code.node.body, set().union(*(one.included for one in folders)))
        uses: dict[cst.CSTNode, list[HelperUse]] = {}
        for walk in self.walks.values():
            for node, use in walk.helpers.items():
                method = self.plan.methods.get(node)
                if method is not None and None not in method.names:
                    uses.setdefault(node, []).append(use)
        for node, several in uses.items():
            assert isinstance(node, cst.FunctionDef)
            included = set().union(*(one.folder.included for one in several))
            yield from _left_out(node.body, included)


_EMPTY = cst.EmptyLine(indent=False)


def merged(walks: Iterable[Walk]) -> Observations:
    """The observations of all modes together."""
    together = Observations()
    for walk in walks:
        observed = walk.observed
        for node, paths in observed.paths.items():
            together.paths.setdefault(node, set()).update(paths)
        for node, called in observed.called.items():
            together.called.setdefault(node, {}).update(called)
        together.specs.update(observed.specs)
        together.metric_items |= observed.metric_items
        together.spec_names |= observed.spec_names
        together.heads.update(observed.heads)
    return together


def _left_out(
    body: cst.BaseSuite | cst.BaseExpression, included: set[cst.CSTNode]
) -> Iterator[str]:
    """The outermost statements that no mode runs."""
    if isinstance(body, cst.BaseExpression):
        return
    for statement in body.body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if small not in included:
                    yield code_of(statement.with_changes(body=[small], leading_lines=())).strip(
                        "\n"
                    )
        elif isinstance(statement, cst.BaseSmallStatement):
            if statement not in included:
                yield code_of(statement)
        elif statement not in included:
            yield code_of(statement).strip("\n")
        else:
            for inner in _blocks(statement):
                yield from _left_out(inner, included)


def _blocks(statement: cst.CSTNode) -> Iterator[cst.BaseSuite]:
    if isinstance(statement, cst.ClassDef):
        return
    body = getattr(statement, "body", None)
    if isinstance(body, cst.BaseSuite):
        yield body
    for name in ("handlers", "cases"):
        for each in getattr(statement, name, ()):
            yield each.body
    for name in ("orelse", "finalbody"):
        each = getattr(statement, name, None)
        if each is not None:
            yield from _blocks(each)


def is_docstring(statement: cst.CSTNode) -> bool:
    """Whether a statement is a string."""
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )


def class_name(function: str) -> str:
    """``DigitsModel`` for ``digits_model_fn``."""
    words = [word for word in re.split(r"_+|\W+", function) if word and word != "fn"]
    name = "".join(word[:1].upper() + word[1:] for word in words)
    if not name.isidentifier():
        return "Model"
    return name if name.endswith("Model") else f"{name}Model"


def _method(
    header: str, statements: Sequence[cst.BaseStatement], footer: Sequence[cst.EmptyLine] = ()
) -> cst.FunctionDef:
    node = cst.parse_statement(f"{header}\n    pass\n")
    assert isinstance(node, cst.FunctionDef)
    body = list(statements) or [cst.parse_statement("pass")]
    return node.with_changes(body=cst.IndentedBlock(body, footer=footer))


def _made(guards: tuple[str, ...], group: Sequence[Attribute]) -> list[cst.BaseStatement]:
    statements = []
    for each in group:
        lines = [line for todo in each.construction.todos for line in comment_lines(todo)]
        text = f"self.{each.name} = {each.construction.text}"
        statements.append(above(cst.parse_statement(text), lines))
    for guard in reversed(guards):
        block = cst.IndentedBlock(statements)
        statements = [cst.If(cst.parse_expression(guard), block)]
    return statements


def _without_gradients(statements: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The lines of a training step in which no optimizer is seen."""
    todo = comment_lines(
        "take the step: compute the lines above under a tf.GradientTape, then"
        " self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))"
    )
    if not statements:
        return statements
    return [*statements[:-1], above(statements[-1], todo)]


def _names(node: cst.CSTNode) -> set[str]:
    return {each.value for each in descendants(node) if isinstance(each, cst.Name)}


def _self_attributes(node: cst.CSTNode) -> set[str]:
    return {
        each.attr.value
        for each in descendants(node)
        if isinstance(each, cst.Attribute)
        and isinstance(each.value, cst.Name)
        and each.value.value == "self"
    }
