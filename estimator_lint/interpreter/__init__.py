"""Abstract evaluation of a model function, once per mode.

Evaluation records what happens on each path and knows no codes; the rules
read its traces.
"""
