"""The program ``estimator-lint``: an adapter, as the flake8 plugin is.

``main`` has the parser.  Each command is a module with a function ``register``,
which adds the command's parser and sets ``run`` in its defaults: a function that
takes the options and gives the exit status.  What a command needs is imported by
its ``run``: a start that finds nothing to do has to be a quick one.
"""
