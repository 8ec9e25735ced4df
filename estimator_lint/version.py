"""The version of the package, as in setup.cfg; a test compares."""

VERSION = "0.1.0"
