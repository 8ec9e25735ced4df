"""Jupyter notebooks as Python modules: their code cells, in order, are one module.

``document`` reads the file, ``ipython_syntax`` turns a cell into Python, and ``module`` joins the
cells and maps lines back to them.
"""
