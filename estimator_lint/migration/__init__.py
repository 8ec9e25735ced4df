"""Leaving ``tf.estimator``: what each mode builds, and what replaces it in Keras."""
