"""Reports on leaving tf.estimator."""
