"""Leaving ``tf.estimator``: what a model function becomes under Keras."""
