"""Decisions about a skeleton that precede writing its lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import function_of_module
from estimator_lint.migration.skeleton.canned_heads import CannedHead
from estimator_lint.migration.skeleton.name_paths import NamePaths
from estimator_lint.migration.skeleton.once_made import OnceMade
from estimator_lint.project.code import ModuleCode
from estimator_lint.tensorflow_api.modes import Mode


@dataclass
class Method:
    """The method of the model that a function of the file becomes.

    Attributes:
        names: by the mode; under None where all modes share one.
        with_tape: the modes in which it computes gradients.
    """

    names: Mapping[Mode | None, str]
    with_tape: frozenset[Mode]

    def takes_tape(self, mode: Mode | None) -> bool:
        """Whether the method of a mode computes gradients."""
        shared = mode is None or (mode is Mode.TRAIN and None in self.names)
        return bool(self.with_tape) if shared else mode in self.with_tape


@dataclass
class Plan:
    """Decisions for the whole skeleton.

    Attributes:
        module: the file.
        names: what its names refer to.
        made: what is created once.
        methods: the functions of the file that become methods, by their definitions.
        tape: the name of the tape.
        receiver: for a method, the name of its ``self``.
        root: the name of TensorFlow.
        heads: the canned heads whose methods the lines turn out to use.
        with_field: for constructions of specs and fields, the lines that belong to the field.
        as_none: the expressions of the current lines for which ``None`` is written.
        uses: what the lines turn out to use: ``mean loss``.
    """

    module: ModuleCode
    names: NamePaths
    made: OnceMade
    methods: Mapping[cst.CSTNode, Method]
    tape: str = "tape"
    receiver: str | None = None
    root: str = "tf"
    heads: list[CannedHead] = field(default_factory=list)
    with_field: dict[tuple[cst.CSTNode, str], list[cst.SimpleStatementLine]] = field(
        default_factory=dict
    )
    as_none: Collection[cst.CSTNode] = frozenset()
    uses: set[str] = field(default_factory=set)

    def method_named(self, name: str) -> Method | None:
        """The method that a function of the file becomes."""
        code = function_of_module(self.module, name)
        return None if code is None else self.methods.get(code.node)

    @property
    def optimizer(self) -> str:
        """The optimizer whose steps are counted."""
        optimizers = self.made.of_kind("optimizer")
        if len(optimizers) > 1 or (optimizers and optimizers[0].construction.guards):
            return f"self.{optimizers[0].name}"
        return "self.optimizer"
