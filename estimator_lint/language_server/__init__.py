"""The linter in an editor, by the Language Server Protocol.

Data flows from the client's notifications to the server's answers: ``documents`` hold the texts,
``evaluations`` order the work, ``worker`` passes it to a process of its own, in which
``file_analysis`` evaluates, and the other modules translate the outcomes. ``server`` combines them.
Only the process of the server imports pygls; nothing else imports this package.
"""
