"""The replacements of TensorFlow 1's names, as data: one table per topic.

Sources: the official migration guide, page by page, and the code and API documentation of
TensorFlow 2.15.1, Keras 2.15 and Keras 3.
"""
