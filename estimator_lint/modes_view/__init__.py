"""The modes view: what a model function does in each mode, as a table, as JSON or as a page.

``model`` defines the view, ``building`` builds it from traces, and ``text_view``, ``json_view`` and
``page`` only render it.
"""
