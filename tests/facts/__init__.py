"""Making the tables of ``estimator_lint/tensorflow_api`` that are recorded from TensorFlow."""
