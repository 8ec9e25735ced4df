"""Faults that a user could make in the packages' model functions, and the expected findings.

Each was chosen, and its findings were decided, by reading the function and TensorFlow's rules, not
by running the linter. Lines are those of the pinned files; lines of expected findings are those of
the text with the fault.
"""

from __future__ import annotations

from dataclasses import dataclass

_BERT = ("bert-tensorflow", "bert/")
_ALBERT = ("albert-tensorflow", "albert/")
_TFMA = (
    "tensorflow-model-analysis",
    "tensorflow_model_analysis/eval_saved_model/example_trainers/",
)
_NEUMF = ("tf-models-official", "official/recommendation/")
_DEEPCTR = ("deepctr", "deepctr/estimator/")
_KFAC = ("kfac", "kfac/examples/")
_ESTIMATOR = ("tensorflow-estimator", "tensorflow_estimator/python/estimator/")
_GAN = ("tensorflow-gan", "tensorflow_gan/python/estimator/")
_MESH = ("mesh-tensorflow", "mesh_tensorflow/")
_T2T = ("tensor2tensor", "tensor2tensor/utils/")
_ADANET = ("adanet", "adanet/core/")
_MAGENTA = ("magenta", "magenta/models/onsets_frames_transcription/")


@dataclass(frozen=True)
class Fault:
    """One change of one file.

    Attributes:
        where: the package and the folder.
        file: the file in that folder.
        line: the line that changes.
        old: the text to replace, which occurs exactly once.
        new: its replacement.
        expected: ``"MFN103 699 EVAL"`` and the like, separated by ``;``.
        lines_removed: instead of the replacement, this many lines are removed.
        out_of_reach: why the linter does not report the fault, which then counts as not found.
    """

    where: tuple[str, str]
    file: str
    line: int
    old: str
    new: str
    expected: str
    lines_removed: int = 0
    out_of_reach: str = ""

    @property
    def package(self) -> str:
        return self.where[0]

    @property
    def path(self) -> str:
        return self.where[1] + self.file

    @property
    def title(self) -> str:
        """The change, for the table."""
        if self.lines_removed:
            return f"{self.lines_removed} lines from {self.old!r} on removed"
        return f"{self.old!r} -> {self.new!r}"

    def sown_in(self, text: str) -> str:
        """``text`` with the fault.

        Raises:
            ValueError: the fault is for another text.
        """
        lines = text.split("\n")
        line = lines[self.line - 1]
        if line.count(self.old) != 1:
            raise ValueError(f"{self.path}:{self.line} has not {self.old!r} once: {line!r}")
        if self.lines_removed:
            del lines[self.line - 1 : self.line - 1 + self.lines_removed]
        else:
            lines[self.line - 1] = line.replace(self.old, self.new)
        return "\n".join(lines)


_FORMS_OF_WEIGHTS = "a helper tests the form of the weights of Keras in many ways"

# A field dropped, set to None or misspelt
_FIELDS = (
    Fault(_BERT, "run_classifier.py", 682, "loss=total_loss,", "", "MFN101 680 TRAIN"),
    Fault(_BERT, "run_classifier.py", 707, "predictions=", "prediction=", "MFN301 707"),
    Fault(_BERT, "run_pretraining.py", 229, "=total_loss", "=None", "MFN103 227 EVAL"),
    Fault(_BERT, "run_squad.py", 668, "train_op=train_op,", "", "MFN102 665 TRAIN"),
    Fault(_BERT, "extract_features.py", 204, "predictions=predictions,", "", "MFN104 203 PREDICT"),
    Fault(_ALBERT, "squad_utils.py", 829, "train_op=", "training_op=", "MFN301 829"),
    Fault(_ALBERT, "run_pretraining.py", 190, "loss=", "losses=", "MFN301 190"),
    Fault(
        _TFMA, "batch_size_limited_classifier.py", 67, "train_op=train_op,", "", "MFN102 64 TRAIN"
    ),
    Fault(
        _TFMA, "control_dependency_estimator.py", 122, "loss=loss,", "",
        "MFN101 120 TRAIN; MFN103 120 EVAL",
    ),
    Fault(_TFMA, "custom_estimator.py", 47, "predictions={'score': predictions},", "",
          "MFN104 45 PREDICT"),
    Fault(_TFMA, "fixed_prediction_classifier.py", 49, "mode=mode,", "", "MFN301 48"),
    Fault(_TFMA, "fixed_prediction_estimator.py", 59, "= {}", "= None", "MFN114 62 PREDICT"),
    Fault(_NEUMF, "neumf_model.py", 277, "loss=cross_entropy,", "", "MFN103 275 EVAL"),
    Fault(
        _DEEPCTR, "utils.py", 115, "loss=training_loss,", "",
        "MFN101 112 TRAIN; MFN103 112 EVAL",  # it has metrics, which are for EVAL only
    ),
    Fault(
        _KFAC, "autoencoder_mnist_tpu_estimator.py", 201, "train_op=train_op,", "",
        "MFN102 198 TRAIN",
    ),
    Fault(
        _KFAC, "classifier_mnist_tpu_estimator.py", 181, "loss=pre_update_batch_loss,", "",
        "MFN101 179 TRAIN",
    ),
    Fault(_KFAC, "convnet.py", 851, "train_op=train_op, ", "", "MFN102 850 TRAIN"),
    Fault(
        _ESTIMATOR, "canned/kmeans.py", 230, "loss=loss,", "",
        "MFN101 224 TRAIN; MFN103 224 EVAL",  # as in deepctr
    ),
    Fault(
        _ESTIMATOR, "canned/saved_model_estimator.py", 285, "loss=loss,", "",
        "MFN101 282 TRAIN; MFN103 282 EVAL",
        out_of_reach="a helper raises, depending on the mode in a way not known",
    ),
    Fault(
        _GAN, "gan_estimator.py", 358, "train_op=train_ops.global_step_inc_op,", "",
        "MFN102 355 TRAIN",
    ),
    Fault(_GAN, "gan_estimator.py", 333, "=gan_model.generated_data", "=None",
          "MFN104 332 PREDICT"),
    Fault(_GAN, "latent_gan_estimator.py", 131, "train_op=train_op", "", "MFN102 128 TRAIN"),
    Fault(
        _GAN, "tpu_gan_estimator.py", 439, "loss=scalar_loss, ", "", "MFN101 438 TRAIN",
        out_of_reach="merged paths do not tell that each form of features comes to the site",
    ),
    Fault(_MESH, "bert/run_squad.py", 758, "predictions=predictions,", "", "MFN104 755 PREDICT"),
    Fault(_MESH, "transformer/utils.py", 1086, "loss=tf_loss,", "", "MFN103 1083 EVAL"),
    Fault(
        _MESH, "transformer/utils.py", 1017, "train_op=train_op,", "", "MFN102 1014 TRAIN",
        out_of_reach="paths are joined on which use_tpu was tested",
    ),
    Fault(_T2T, "mtf_model.py", 175, "loss=tf_loss,", "", "MFN101 173 TRAIN"),
    Fault(
        _ADANET, "estimator.py", 1979, "loss=iteration_estimator_spec.loss,", "",
        "MFN101 1976 TRAIN; MFN103 1976 EVAL",  # _create_iteration tests for EVAL, too
    ),
    Fault(_MAGENTA, "model.py", 421, "train_op=train_op,", "", "MFN102 420 TRAIN"),
)  # fmt: skip

# A return forgotten, something else returned, a branch removed
_RETURNS = (
    Fault(
        _BERT, "run_classifier_with_tfhub.py", 137, "return output_spec", "output_spec",
        "MFN201 91 TRAIN, EVAL, PREDICT",
    ),
    Fault(
        _BERT, "run_classifier_with_tfhub.py", 128, "output_spec", "eval_spec", "MFN201 91 EVAL"
    ),
    Fault(
        _ALBERT, "run_classifier.py", 626, "else:", "", "MFN201 549 PREDICT", lines_removed=8,
        out_of_reach="nothing is left that predicts, so that the function has no word of PREDICT",
    ),
    Fault(_ALBERT, "squad_utils.py", 1674, "output_spec", "spec", "MFN211 1575 PREDICT"),
    Fault(_TFMA, "custom_estimator.py", 67, "return ", "spec = ", "MFN201 37 TRAIN, EVAL"),
    Fault(
        _NEUMF, "neumf_model.py", 142,
        "tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)", "loss, train_op",
        "MFN202 142 TRAIN",
    ),
    Fault(_NEUMF, "neumf_model.py", 90, "return ", "spec = ", "MFN201 73 EVAL"),
    Fault(_DEEPCTR, "utils.py", 127, "return ", "", "MFN201 121 TRAIN, EVAL, PREDICT"),
    Fault(_KFAC, "convnet.py", 850, "return ", "spec = ", "MFN201 783 TRAIN"),
    Fault(_ESTIMATOR, "extenders.py", 92, "return ", "", "MFN201 84 EVAL"),
    Fault(
        _ESTIMATOR, "canned/linear.py", 534, "return ", "",
        # The others return what this one returns, where the optimizer is SDCA.
        "MFN201 450 TRAIN; MFN211 686 TRAIN; MFN211 932 TRAIN; MFN211 977 TRAIN; "
        "MFN211 1112 TRAIN; MFN211 1170 TRAIN; MFN211 1350 TRAIN; MFN211 1396 TRAIN",
        out_of_reach="a test of a Keras layer's attribute, which may depend on the mode unseen",
    ),
    Fault(
        _GAN, "stargan_estimator.py", 240, "return estimator_spec", "pass",
        "MFN201 163 TRAIN, EVAL, PREDICT",
    ),
    Fault(_MESH, "bert/run_classifier.py", 788, "return ", "spec = ", "MFN201 647 TRAIN"),
    Fault(_MESH, "bert/run_pretraining.py", 324, "return ", "", "MFN201 133 EVAL"),
    Fault(
        _ADANET, "estimator.py", 1976, "return ", "spec = ", "MFN201 2160 TRAIN, EVAL, PREDICT"
    ),
)  # fmt: skip

# A name unbound
_NAMES = (
    Fault(
        _ALBERT, "classifier_utils.py", 853, "initialized_variable_names = {}", "",
        "MFN213 871 TRAIN, EVAL, PREDICT",
    ),
    Fault(
        _ALBERT, "classifier_utils.py", 854, "scaffold_fn = None", "",
        "MFN213 886 TRAIN; MFN213 959 EVAL; MFN213 967 PREDICT",
    ),
    Fault(
        _TFMA, "fixed_prediction_estimator_no_labels.py", 50, "else:", "",
        "MFN213 54 PREDICT; MFN213 74 TRAIN, EVAL", lines_removed=4,
    ),
    Fault(
        _ESTIMATOR, "keras_lib.py", 362, "loss = None", "", "MFN203 422 PREDICT",
        out_of_reach=_FORMS_OF_WEIGHTS,
    ),
    Fault(
        _GAN, "gan_estimator.py", 194, ", tf.estimator.ModeKeys.EVAL]", "]", "MFN203 210 EVAL"
    ),
    Fault(
        _GAN, "tpu_gan_estimator.py", 283, "else:", "", "MFN203 283 PREDICT", lines_removed=2
    ),
    # EVAL, which fails before, ends by the raise of a function that rejects it.
    Fault(_MESH, "bert/run_squad.py", 691, "TRAIN", "EVAL", "MFN203 744 TRAIN"),
    Fault(_MESH, "bert/run_classifier.py", 728, "EVAL", "PREDICT", "MFN203 799 EVAL"),
    Fault(
        _T2T, "mtf_model.py", 126, "TRAIN", "EVAL",
        "MFN203 176 TRAIN; MFN203 185 TRAIN; MFN203 127 EVAL",
    ),
)  # fmt: skip

# A wrong test of the mode, or a wrong mode key
_KEYS = (
    Fault(_BERT, "run_squad.py", 670, "PREDICT", "INFER", "MFN204 670"),
    Fault(
        _ALBERT, "run_classifier.py", 597, "tf.estimator.ModeKeys.TRAIN", '"training"',
        "MFN204 597; MFN101 627 TRAIN; MFN102 627 TRAIN",
    ),
    Fault(
        _ALBERT, "run_classifier_with_tfhub.py", 130, "mode=mode",
        "mode=tf.estimator.ModeKeys.TRAIN", "MFN205 130 EVAL",
    ),
    Fault(
        _TFMA, "fake_multi_examples_per_input_estimator.py", 200, "==", "!=",
        "MFN101 201 TRAIN; MFN102 201 TRAIN; MFN601 210 PREDICT",
    ),
    Fault(
        _TFMA, "fake_sequence_to_prediction.py", 159, "PREDICT", "EVAL",
        "MFN103 160 EVAL; MFN601 168 PREDICT",
    ),
    Fault(_NEUMF, "neumf_model.py", 281, "EVAL", "PREDICT", "MFN205 281 EVAL"),
    Fault(
        _ESTIMATOR, "keras_lib.py", 372, "loss =", "total =",
        "MFN101 419 TRAIN; MFN103 419 EVAL",
        out_of_reach=_FORMS_OF_WEIGHTS,
    ),
    Fault(
        _ESTIMATOR, "keras_lib.py", 378, "TRAIN", "EVAL", "MFN102 419 TRAIN",
        out_of_reach=_FORMS_OF_WEIGHTS,
    ),
    Fault(
        _GAN, "stargan_estimator.py", 226, "EVAL", "TRAIN", "MFN205 327 TRAIN; MFN205 346 EVAL"
    ),
    Fault(_MESH, "transformer/utils.py", 1026, "EVAL", "EVALUATE", "MFN204 1026"),
    Fault(_T2T, "mtf_model.py", 185, "TRAIN", "EVAL", "MFN205 185 TRAIN"),
)  # fmt: skip

FAULTS = (*_FIELDS, *_RETURNS, *_NAMES, *_KEYS)
