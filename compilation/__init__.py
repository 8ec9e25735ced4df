"""Optional native modules: a build with ``ESTIMATOR_LINT_COMPILED=1`` compiles what is slowest."""
