# Every target is a command of dev.py, which does its own set-up and runs
# without make as well: `python3 dev.py test`.

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)

.DEFAULT_GOAL := help
COMMANDS := demo test tools lint docs package release bench conformance migration fuzz mutation metamorphic ecosystem faults vscode clean

.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) dev.py --help

$(COMMANDS):
	@$(PYTHON) dev.py $@ $(ARGS)
