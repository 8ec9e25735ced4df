"""The version of the package: the only place where it is set."""

VERSION = "0.1.0"
