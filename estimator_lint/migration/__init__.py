"""Leaving ``tf.estimator``: what each mode builds, and what takes its place in Keras."""
