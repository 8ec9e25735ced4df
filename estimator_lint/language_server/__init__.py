"""The linter in an editor, by the Language Server Protocol.

Data flows from what the client says to what it is told: ``documents`` hold the texts,
``evaluations`` order the work, ``worker`` hands it to a process of its own, in which
``analysis`` evaluates, and the other modules translate what came of it.  ``server`` joins
them.  Only the process of the server imports pygls; nothing else imports this package.
"""
