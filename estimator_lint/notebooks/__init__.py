"""Jupyter notebooks as Python modules: their code cells, in order, are one module.

``document`` reads the file, ``ipython_syntax`` makes Python of a cell, and
``module`` joins the cells and says where each line comes from.
"""
