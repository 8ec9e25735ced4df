"""What a model function does in each mode, to look at: as a table, as JSON, as a page.

``model`` says what there is to see, ``building`` makes it of the traces, and the
modules ``as_…`` only show it.
"""
